import { expect } from 'chai';
import type { ChatMessage, LanguageModel, ModelRequest } from '../../src/therapist/languageModel.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { plainFacts, type CallFacts } from '../../src/therapist/prompt.ts';
import { createReferral, serviceLines, type SpokenService } from '../../src/therapist/referral.ts';
import { createResponder } from '../../src/therapist/responder.ts';

const services: readonly SpokenService[] = [
  { name: 'مركز الأسرة', whatFor: 'خلافات الأسرة', number: '24441999' },
  { name: 'عيادة الشفاء', whatFor: 'الإدمان', number: '24440000' },
  { name: 'خط الطفل', whatFor: 'الأطفال', number: '1100' },
];
const pack = languagePacks['ar-OM'];
const asked: ChatMessage = { role: 'caller', text: 'أبا رقم حد يساعدني' };
const sanad = (text: string): ChatMessage => ({ role: 'sanad', text });

async function spoken(written: string, facts: Partial<CallFacts> = {}, history: readonly ChatMessage[] = [asked]) {
  const requests: ModelRequest[] = [];
  const model: LanguageModel = {
    name: 'openai',
    stream: async function* (request: ModelRequest) {
      requests.push(request);
      // Each letter alone: where the stream is cut must not matter.
      for (const text of written) yield { type: 'text', text } as const;
      yield { type: 'end', provider: 'openai', model: 'a', inputTokens: 1, outputTokens: 1 } as const;
    },
  };
  const responder = createResponder({ model, pack, services: () => services });
  const said: string[] = [];
  const signal = new AbortController().signal;
  for await (const part of responder.reply(history, { ...plainFacts, ...facts }, signal))
    if (part.type === 'sentence') said.push(part.text);
  return { said, system: requests[0]?.system ?? '' };
}

describe('naming another service', () => {
  it('says name and number from the directory in place of the mark, digit by digit and twice', async () => {
    const { said, system } = await spoken('فيه مكان ممكن يساعد. @@1.');
    const digits = 'اثنين أربعة، أربعة أربعة، واحد تسعة، تسعة تسعة';
    expect(said).to.deep.equal(['فيه مكان ممكن يساعد.', 'مركز الأسرة.', `الرقم: ${digits}.`, `مرة ثانية: ${digits}.`]);
    expect(system).to.include('@@1: مركز الأسرة').and.not.include('24441999');
  });

  it('says no number that the model wrote itself, unless it is one of the directory', async () => {
    const invented = await spoken('أنا وياك. اتصل على 24123456.');
    expect(invented.said.join(' ')).to.not.match(/24123456/);
    const repeated = await spoken('أنا وياك. الرقم اثنين أربعة أربعة أربعة واحد تسعة تسعة تسعة.');
    expect(repeated.said.join(' ')).to.include('واحد تسعة تسعة تسعة');
    const nearly = await spoken('أنا وياك. الرقم اثنين أربعة أربعة أربعة واحد تسعة تسعة ثمانية.');
    expect(nearly.said.join(' ')).to.not.include('تسعة ثمانية');
  });

  it('leaves out a mark that stands for nothing, and keeps the words', async () => {
    expect((await spoken('أنا وياك. @@9.')).said).to.deep.equal(['أنا وياك.']);
    expect((await spoken('أنا وياك @@.')).said.join(' '))
      .to.include('أنا وياك')
      .and.not.include('@');
  });

  it('names none while there may be danger, whatever the model writes', async () => {
    for (const risk of ['moderate', 'high', 'imminent'] as const) {
      const { said, system } = await spoken('أنا وياك. @@1.', { risk });
      expect(said).to.deep.equal(['أنا وياك.']);
      expect(system).to.not.include('@@');
    }
    expect((await spoken('أنا وياك. @@1.', { risk: 'low' })).said).to.have.length(4);
  });

  it('names at most two in a call, and those again when asked', () => {
    const heard = (service: SpokenService) => sanad(serviceLines(service, 'ar-OM').join(' '));
    const [one, two, three] = services as [SpokenService, SpokenService, SpokenService];
    const after = (history: readonly ChatMessage[]) =>
      createReferral(services, { language: 'ar-OM', risk: 'none', history });
    expect(after([heard(one)]).read('@@3').lines).to.have.length(3);
    const full = after([heard(one), heard(two)]);
    expect(full.read('@@3')).to.deep.equal({ words: '', lines: [], hasUnknownMark: true });
    expect(full.read('@@٢').lines).to.deep.equal(serviceLines(two, 'ar-OM'));
    expect(full.instructions).to.not.include(three.name);
    const atOnce = after([]);
    expect([atOnce.read('@@1 @@2 @@3').lines.length, atOnce.read('@@1').lines.length]).to.deep.equal([6, 0]);
    expect(
      after([{ role: 'caller', text: serviceLines(one, 'ar-OM').join(' ') }, heard(two)]).read('@@3').lines,
    ).to.have.length(3);
  });

  it('says no number but those of the directory, whatever the model writes', async () => {
    // Of all that is said, what a caller could dial: four digits or more, written or spelled.
    const dialled = (text: string): readonly string[] => {
      const names = ['صفر', 'واحد', 'اثنين', 'ثلاثة', 'أربعة', 'خمسة', 'ستة', 'سبعة', 'ثمانية', 'تسعة'];
      const digits = names.reduce((all, name, digit) => all.replaceAll(name, String(digit)), text);
      return Array.from(digits.matchAll(/\d(?:[\s،]*\d){3,}/g), ([found]) => found.replace(/\D/g, ''));
    };
    let seed = 7;
    const below = (n: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % n;
    };
    const parts = [
      'أنا وياك.',
      'اتصل على',
      'الرقم',
      '@@1',
      '@@2.',
      '@@3',
      '@@٤',
      '@1',
      '@@',
      'ثمانية صفر صفر',
      'خمسة',
      '91234567',
      '24441999.',
      '1100',
      'هذا مكان طيب.',
    ];
    for (let round = 0; round < 150; round += 1) {
      const written = Array.from({ length: 2 + below(7) }, () => parts[below(parts.length)]).join(' ');
      const { said } = await spoken(`أنا أسمعك. ${written}`, { risk: below(4) === 0 ? 'high' : 'none' });
      for (const number of said.flatMap(dialled))
        expect(
          services.map((each) => each.number),
          `${written} → ${said.join(' | ')}`,
        ).to.include(number);
      expect(said.join(' '), written).to.not.include('@');
    }
  });

  it('changes nothing of a reply and its request when there is no service', async () => {
    const none = createReferral([], { language: 'en', risk: 'none', history: [] });
    expect([none.instructions, none.numbers, none.read('Hello.').words]).to.deep.equal(['', [], 'Hello.']);
  });
});
