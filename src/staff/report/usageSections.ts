import type { Spread } from '../../store/reportQueries.ts';
import type { UsageSum } from '../../store/usageQueries.ts';
import type { UsageKind } from '../../store/usageRecord.ts';
import type { Report } from './figures.ts';
import { alarm, count, money, nameIn, spread, words, type Figure, type Section, type Words } from './sections.ts';

/** What a report says of the providers: cost, failures, and the time that each stage of a turn took. */

const providerNames = nameIn({
  openai: words('OpenAI', 'أوبن إيه آي'),
  anthropic: words('Anthropic', 'أنثروبيك'),
  azure: words('Azure Speech', 'أزور للكلام'),
  twilio: words('Twilio', 'تويليو'),
});

const kindNames: Readonly<Record<UsageKind, Words>> = {
  reply: words('replies', 'الردود'),
  classifier: words('second opinion', 'الرأي الثاني'),
  judge: words('judge of the whole call', 'تقدير المكالمة كلها'),
  recognition: words('hearing', 'السمع'),
  synthesis: words('voice', 'الصوت'),
  callerLeg: words("callers' minutes", 'دقائق المتصلين'),
  personLeg: words("on-call people's minutes", 'دقائق المناوبين'),
  message: words('text messages', 'الرسائل النصية'),
};

const stageNames = nameIn({
  endOfTurn: words('last word → end of turn', 'من آخر كلمة إلى نهاية الدور'),
  words: words('end of turn → words', 'من نهاية الدور إلى الكلمات'),
  firstToken: words('model: first token', 'النموذج: أول رمز'),
  firstSentence: words('model: first sentence', 'النموذج: أول جملة'),
  firstAudio: words('voice: first audio', 'الصوت: أول صوت'),
  firstReplyFrame: words('last word → first frame of the reply', 'من آخر كلمة إلى أول صوت من الرد'),
  addedByUs: words('of it our own part', 'منه ما يضيفه سند'),
  bargeIn: words('interruption → silence', 'من المقاطعة إلى الصمت'),
});

export function usageSection({ usage, calls }: Report): Section {
  const { currency, total, byProvider, sums } = usage;
  const perCall = (micros: number): number => (calls.calls === 0 ? 0 : Math.round(micros / calls.calls));
  return {
    id: 'usage',
    title: words('Providers and cost', 'المزودون والكلفة'),
    figures: [
      money('cost', words('cost of all calls', 'كلفة كل المكالمات'), total.micros, currency),
      money('costPerCall', words('cost of a call', 'كلفة المكالمة'), perCall(total.micros), currency),
      // Of whom no price is known, nothing is told but that.
      ...byProvider
        .filter(({ cost }) => cost.micros > 0 || cost.missing.length === 0)
        .map(({ provider, cost }) =>
          money(
            `costPerCall.${provider}`,
            worded(providerNames(provider), 'cost of a call', 'كلفة المكالمة'),
            perCall(cost.micros),
            currency,
          ),
        ),
      ...sums.flatMap(troublesOf),
    ],
    charts: [],
    notes: [
      ...(total.missing.length === 0
        ? []
        : [
            words(
              `Not in the cost, because no price is set: ${total.missing.join(', ')}.`,
              `لا تشمل الكلفة ما لم يُحدد سعره، وعدده ${total.missing.length}.`,
            ),
          ]),
      words(
        'By the prices that are set now (settings list). Fixed lines that were spoken beforehand cost nothing in a call.',
        'بحسب الأسعار المحددة الآن. الجمل الثابتة المسجلة مسبقاً لا تكلف شيئاً في المكالمة.',
      ),
    ],
  };
}

function troublesOf({ provider, kind, requests, failures, failovers }: UsageSum): readonly Figure[] {
  if (kind === 'callerLeg' || kind === 'personLeg') return [];
  const name = words(
    `${providerNames(provider).en}, ${kindNames[kind].en}`,
    `${providerNames(provider).ar}، ${kindNames[kind].ar}`,
  );
  return [
    count(`requests.${provider}.${kind}`, worded(name, 'requests', 'الطلبات'), requests),
    alarm(`providerFailures.${provider}.${kind}`, worded(name, 'failed', 'الأعطال'), failures, requests),
    ...(kind === 'recognition' || kind === 'synthesis'
      ? []
      : [
          count(`failovers.${provider}.${kind}`, worded(name, 'another took over', 'تولاها غيره'), failovers, requests),
        ]),
  ];
}

function worded(name: Words, en: string, ar: string): Words {
  return words(`${name.en}: ${en}`, `${name.ar}: ${ar}`);
}

export function stagesSection({ stages: { stages, share } }: Report): Section {
  const byName = (stage: string): Spread => stages.find((each) => each.stage === stage) ?? none;
  const known = ['endOfTurn', 'words', 'firstToken', 'firstSentence', 'firstAudio', 'firstReplyFrame', 'bargeIn'];
  const others = stages.map(({ stage }) => stage).filter((stage) => !known.includes(stage));
  return {
    id: 'stages',
    title: words('Time of each stage', 'زمن كل مرحلة'),
    figures: [...known, ...others].map((stage) => spread(`stage.${stage}`, stageNames(stage), byName(stage))),
    charts: [],
    notes: [
      share === 100
        ? words('Per turn, as the server measured it.', 'لكل دور، كما قاسه الخادم.')
        : words(
            `Per turn, as the server measured it; of ${share} % of the calls, drawn by hash.`,
            `لكل دور، كما قاسه الخادم؛ من ${share}٪ من المكالمات.`,
          ),
    ],
  };
}

const none: Spread = { count: 0, p50: null, p95: null, max: null };
