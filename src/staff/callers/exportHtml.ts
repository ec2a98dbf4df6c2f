import { z } from 'zod';
import { consentKinds, standingAnswer } from '../../store/consents.ts';
import type { Access, CallData, ConsentData } from '../../store/callerData.ts';
import type { ShownCaller } from '../../store/callerQueries.ts';
import type { ShownTurn } from '../../store/callQueries.ts';
import type { WholeMessage } from '../../store/messageQueries.ts';
import type { Opened } from '../../store/opened.ts';
import { shownDuration } from '../listing.ts';
import { inZone } from '../zonedTime.ts';

/**
 * The export as a page to be read and printed, in Arabic with English beside it: one file, nothing fetched from elsewhere, no script.
 * In pieces, since a page with many calls must not have to fit into memory.
 */

export function pageHead(caller: ShownCaller, zone: string, now: Date): string {
  return `<!doctype html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>بياناتك لدى سند · Your data at Sanad</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>بياناتك لدى سند<br>${latin('Your data at Sanad', 'span')}</h1>
<p class="note">${both('هذه كل البيانات المحفوظة عنك. احفظ هذه الصفحة في مكان آمن: فيها كلامك كما قلته.', 'This is all that is kept about you. Keep this page safe: your words are in it as you said them.')}</p>
${definitions([
  [both('الرقم', 'number'), ltr(openedText(caller.number))],
  [both('المعرّف', 'id'), ltr(caller.id)],
  [both('أول مكالمة', 'first call'), ltr(inZone(caller.createdAt, zone))],
  [both('عدد المكالمات', 'calls'), String(caller.calls)],
  [
    both('المتابعة موقوفة', 'follow-ups blocked'),
    caller.blockedAt === null ? both('لا', 'no') : ltr(inZone(caller.blockedAt, zone)),
  ],
  [both('تاريخ هذه الصفحة', 'this page was made'), `${ltr(inZone(now, zone))} (${escape(zone)})`],
])}
`;
}

export function consentsSection(consents: readonly ConsentData[], zone: string): string {
  const standing = consentKinds.map((kind): readonly [string, string] => [
    kindNames[kind],
    answerNames[standingAnswer(consents, kind)],
  ]);
  const rows = consents.map(({ at, kind, answer, how, textVersion, evidence }) => [
    ltr(inZone(at, zone)),
    kindNames[kind],
    answerNames[answer],
    howNames[how],
    evidence === null ? ltr(textVersion) : `<span dir="auto">${openedHtml(evidence)}</span>`,
  ]);
  return `<h2>${both('موافقاتك', 'What you agreed to')}</h2>
${definitions(standing)}
${rows.length === 0 ? '' : table([both('متى', 'when'), both('على ماذا', 'to what'), both('الجواب', 'answer'), both('كيف', 'how'), both('كلامك', 'your words')], rows)}
<h2>${both('مكالماتك', 'Your calls')}</h2>
`;
}

export function callSection(
  { call, turns, assessments, escalations, callbacks, moods, review }: CallData,
  zone: string,
): string {
  const details: (readonly [string, string])[] = [
    [both('المدة', 'length'), ltr(shownDuration(call.seconds))],
    [both('اللغة', 'language'), ltr(call.language)],
    [both('كيف انتهت', 'how it ended'), ltr(call.outcome ?? 'live')],
    [both('أعلى درجة خطر قُدّرت', 'highest level of danger that was assumed'), ltr(call.level)],
  ];
  const helped = escalations.map(({ requestedAt, reason, outcome, briefing }) => [
    ltr(inZone(requestedAt, zone)),
    ltr(reason),
    ltr(outcome ?? 'open'),
    briefingHtml(briefing),
  ]);
  return `<article>
<h3>${ltr(inZone(call.startedAt, zone))}</h3>
${definitions(details)}
${turns.map(turnHtml).join('\n')}
${assessments.length === 0 ? '' : `<p class="small">${both('تقديرات الخطر', 'assessments of danger')}: ${ltr(assessments.map(({ level, source }) => `${level} (${source})`).join(', '))}</p>`}
${moods.length === 0 ? '' : `<p class="small">${both('كيف كان مزاجك، من ١ إلى ١٠', 'how you felt, from 1 to 10')}: ${ltr(moods.map(({ moment, value }) => `${moment}: ${value.kind === 'text' ? value.text : '–'}`).join(', '))}</p>`}
${helped.length === 0 ? '' : table([both('طُلب شخص', 'a person was asked for'), both('لماذا', 'why'), both('النتيجة', 'outcome'), both('ما قيل له', 'what they were told')], helped)}
${callbacks.length === 0 ? '' : `<p class="small">${both('وعود بمعاودة الاتصال', 'promises to call back')}: ${ltr(callbacks.map(({ kind, outcome, state }) => `${kind}: ${outcome ?? state}`).join(', '))}</p>`}
${review === null ? '' : `<p class="small">${both('مراجعة المكالمة', 'review of the call')}: ${ltr(`${review.mark}, ${inZone(review.markedAt, zone)}`)}${review.note === null ? '' : ` <span class="words" dir="auto">${openedHtml(review.note)}</span>`}</p>`}
</article>
`;
}

export function messagesSection(messages: readonly WholeMessage[], zone: string): string {
  const rows = messages.map(({ message: { createdAt, direction, state, text } }) => [
    ltr(inZone(createdAt, zone)),
    direction === 'in' ? both('منك', 'from you') : both('إليك', 'to you'),
    ltr(state),
    text === null ? '' : `<span dir="auto">${openedHtml(text)}</span>`,
  ]);
  if (rows.length === 0) return '';
  return `<h2>${both('رسائلك', 'Your messages')}</h2>
${table([both('متى', 'when'), both('من وإلى', 'direction'), both('الحالة', 'state'), both('الكلام', 'words')], rows)}
`;
}

export function pageFoot(accesses: readonly Access[], zone: string): string {
  const rows = accesses.map(({ at, action }) => [ltr(inZone(at, zone)), ltr(action)]);
  return `<h2>${both('من اطّلع على بياناتك', 'When your data was looked at or changed')}</h2>
${rows.length === 0 ? `<p>${both('لم يطّلع عليها أحد', 'Nobody has')}</p>` : table([both('متى', 'when'), both('ماذا', 'what')], rows)}
</main>
</body>
</html>
`;
}

function turnHtml({ speaker, words, heard, atMs, interrupted }: ShownTurn): string {
  const who = speaker === 'caller' ? both('أنت', 'you') : both('سند', 'Sanad');
  // What was not heard was not said; it is kept, and so it is shown.
  const unheard =
    heard !== null && heard.kind === 'text' && words.kind === 'text' && heard.text.trim() !== words.text.trim();
  const note =
    unheard && interrupted ? ` <span class="small">${both('لم تسمعه كله', 'you did not hear all of it')}</span>` : '';
  return `<p class="turn ${speaker}"><span class="who">${who} ${ltr(shownDuration(Math.max(0, atMs) / 1_000))}</span><span class="words" dir="auto">${openedHtml(words)}</span>${note}</p>`;
}

const kindNames = {
  keepWords: both('حفظ كلامك', 'keeping your words'),
  followUp: both('أن نتصل بك', 'being called by us'),
  sms: both('أن نراسلك', 'being written to'),
} as const;

const answerNames = {
  given: both('موافقة', 'given'),
  refused: both('رفض', 'refused'),
  withdrawn: both('سُحبت', 'withdrawn'),
  unasked: both('لم تُسأل', 'not asked'),
} as const;

const howNames = {
  voice: both('بالصوت', 'by voice'),
  key: both('بزر', 'by a key'),
  staff: both('عبر موظف', 'through staff'),
} as const;

function openedText(opened: Opened): string {
  return opened.kind === 'text' ? opened.text : opened.kind;
}

function openedHtml(opened: Opened): string {
  switch (opened.kind) {
    case 'text':
      return escape(opened.text);
    case 'removed':
      return `<em>${both('حُذف', 'removed')}</em>`;
    case 'erased':
      return `<em>${both('أُتلف', 'destroyed')}</em>`;
    case 'broken':
      return `<em>${both('تعذّر فتحه', 'cannot be opened')}</em>`;
  }
}

const briefingShape = z.object({
  trigger: z.string().nullable(),
  location: z.string().nullable(),
  about: z.string(),
  alone: z.string(),
  means: z.array(z.string()),
});

/** What is in it of the caller's own words first; the rest is in the other file. */
function briefingHtml(briefing: Opened): string {
  if (briefing.kind !== 'text') return openedHtml(briefing);
  const read = briefingShape.safeParse(parsed(briefing.text));
  if (!read.success) return `<span dir="auto">${openedHtml(briefing)}</span>`;
  const { trigger, location, about, alone, means } = read.data;
  const words = [trigger, location].filter((text) => text !== null);
  const tags = [`about ${about}`, `alone: ${alone}`, ...means].join(', ');
  return `${words.map((text) => `<span class="words" dir="auto">${escape(text)}</span>`).join('')}<span class="small">${ltr(tags)}</span>`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function definitions(pairs: readonly (readonly [term: string, html: string])[]): string {
  return `<dl>${pairs.map(([term, html]) => `<div><dt>${term}</dt><dd>${html}</dd></div>`).join('')}</dl>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}

function both(arabic: string, english: string): string {
  return `${arabic} ${latin(english, 'small')}`;
}

function latin(text: string, tag: 'span' | 'small'): string {
  return `<${tag} lang="en" dir="ltr" class="en">${escape(text)}</${tag}>`;
}

/** Numbers, ids and times read from the left also within Arabic. */
function ltr(text: string): string {
  return `<bdi dir="ltr">${escape(text)}</bdi>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const style = `
:root{color-scheme:light dark;--ink:#1c2526;--paper:#fff;--line:#d5dbdc;--mine:#eaf4f1;--soft:#5b6a6c}
@media(prefers-color-scheme:dark){:root{--ink:#e8eeee;--paper:#15191a;--line:#3a4446;--mine:#1f2f2b;--soft:#a3b1b3}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.7 "Noto Naskh Arabic","Noto Sans Arabic",Tahoma,system-ui,sans-serif}
main{max-width:46rem;margin:auto;padding:1.5rem}
h1{font-size:1.6rem;line-height:1.4}h1 .en{font-size:1rem;font-weight:400;color:var(--soft)}
h2{margin-top:2.2rem;border-bottom:1px solid var(--line)}h3{margin:1.6rem 0 .4rem}
.en{color:var(--soft);font-weight:400}.small{font-size:.85rem;color:var(--soft)}
.note .en{display:block}.note{padding:.7rem 1rem;border-inline-start:4px solid #2c8a74;background:var(--mine)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.3rem 1.5rem;margin:.6rem 0}
dt{font-size:.85rem;color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;font-size:.92rem}th,td{padding:.35rem .5rem;border-bottom:1px solid var(--line);text-align:start;vertical-align:top;overflow-wrap:break-word}th .en{display:block;text-align:end}
.turn{margin:.45rem 0;padding:.5rem .8rem;border-radius:.6rem;border:1px solid var(--line);break-inside:avoid}
.turn.caller{background:var(--mine)}.who{display:block;font-size:.8rem;color:var(--soft)}.words{display:block;white-space:pre-wrap}
@media(max-width:34rem){table{display:block;overflow-x:auto}main{padding:1rem}}
@media print{:root{--ink:#000;--paper:#fff;--line:#bbb;--mine:#f3f3f3;--soft:#444}main{max-width:none;padding:0}h2,h3{break-after:avoid}tr{break-inside:avoid}}
`;
