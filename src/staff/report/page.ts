import { inZone } from '../zonedTime.ts';
import { chartSvg } from './charts.ts';
import type { Report } from './figures.ts';
import { escapeHtml, leftToRight } from './markup.ts';
import { notRecorded } from './peopleSections.ts';
import { pageStyle } from './pageStyle.ts';
import { words, type Bars, type Figure, type Section, type Value, type Words } from './sections.ts';
import { sectionsOf, share, shownNumber, shownTime, shownValue } from './tellReport.ts';

/** A report as one page: nothing fetched from elsewhere, no script, to be read, heard or printed. */

export const pageLanguages = ['en', 'ar'] as const;

export type PageLanguage = (typeof pageLanguages)[number];

const said = {
  title: words('Sanad: report', 'سند: تقرير'),
  day: words('Report of the day', 'تقرير اليوم'),
  week: words('Report of the week', 'تقرير الأسبوع'),
  month: words('Report of the month', 'تقرير الشهر'),
  soFar: words('so far: it is not over yet', 'حتى الآن: لم تنته المدة بعد'),
  times: words('Times', 'التوقيت'),
  made: words('made', 'أُعدّ في'),
  contents: words('Contents', 'المحتويات'),
  atAGlance: words('At a glance', 'نظرة سريعة'),
  figure: words('figure', 'البيان'),
  number: words('number', 'العدد'),
  share: words('share', 'النسبة'),
  half: words('half within', 'النصف خلال'),
  most: words('95 % within', '95٪ خلال'),
  longest: words('longest', 'الأطول'),
  of: words('of', 'من'),
  asTable: words('The chart as a table', 'الرسم في جدول'),
  notRecorded: words('Not recorded yet', 'ما لا يُسجل بعد'),
  none: words('none', 'لا شيء'),
  look: words('look closer', 'يحتاج نظراً'),
} satisfies Readonly<Record<string, Words>>;

export function pageOf(report: Report, language: PageLanguage): string {
  const { period, madeAt } = report;
  const t = (text: Words): string => escapeHtml(text[language]);
  const sections = sectionsOf(report);
  const heading = `${t(said[period.kind])} ${leftToRight(daysOf(period))}`;
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${t(said.title)} ${escapeHtml(daysOf(period))}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${heading}</h1>
<p>${period.soFar ? `<strong>${t(said.soFar)}</strong>. ` : ''}${t(said.times)}: ${leftToRight(period.zone)}; ${t(said.made)} <time datetime="${madeAt.toISOString()}">${leftToRight(inZone(madeAt, period.zone))}</time>.</p>
<nav aria-label="${t(said.contents)}"><ul>${sections.map(({ id, title }) => `<li><a href="#${id}">${t(title)}</a></li>`).join('')}<li><a href="#not-recorded">${t(said.notRecorded)}</a></li></ul></nav>
</header>
<main>
${glance(sections, language)}
${sections.map((section) => sectionHtml(section, language)).join('\n')}
<section aria-labelledby="not-recorded"><h2 id="not-recorded">${t(said.notRecorded)}</h2><ul>${notRecorded.map((each) => `<li>${t(each)}</li>`).join('')}</ul></section>
</main>
</body>
</html>
`;
}

/** The figures that a reader in a hurry wants, in this order. */
const first = [
  'calls',
  'answeredWithin20s',
  'personMs',
  'goneAfterDisclosure',
  'overdue',
  'missedEscalations',
  'firstSoundMs',
];

function glance(sections: readonly Section[], language: PageLanguage): string {
  const figures = sections.flatMap((section) => section.figures);
  const cards = first.flatMap((id) => figures.find((figure) => figure.id === id) ?? []);
  return `<section aria-labelledby="glance"><h2 id="glance">${escapeHtml(said.atAGlance[language])}</h2><dl class="cards">${cards
    .map(
      ({ label, value, alarming }) =>
        `<div${alarming === true ? ' class="alarming"' : ''}><dt>${escapeHtml(label[language])}</dt><dd>${brief(value, language)}</dd></div>`,
    )
    .join('')}</dl></section>`;
}

function brief(value: Value, language: PageLanguage): string {
  const small = (text: string): string => ` <small>${text}</small>`;
  if (value.kind === 'count')
    return `${leftToRight(shownNumber(value.n))}${value.of === null ? '' : small(partOf(value.n, value.of, language))}`;
  if (value.kind === 'length' || value.kind === 'money') return leftToRight(shownValue(value).trim());
  if (value.count === 0) return escapeHtml(said.none[language]);
  return `${time(value.p95, value.unit, language)}${small(escapeHtml(said.most[language]))}`;
}

function time(value: number | null, unit: 'ms' | 'seconds', language: PageLanguage): string {
  const text = shownTime(value, unit);
  return leftToRight(language === 'ar' ? text.replace(/ s$/, ' ث') : text);
}

function daysOf({ kind, firstDay, lastDay }: Report['period']): string {
  return kind === 'day' ? firstDay : `${firstDay} – ${lastDay}`;
}

function partOf(n: number, of: number, language: PageLanguage): string {
  if (of === 0) return '—';
  return `${leftToRight(share(n, of))} ${escapeHtml(said.of[language])} ${leftToRight(shownNumber(of))}`;
}

function sectionHtml({ id, title, figures, charts, notes }: Section, language: PageLanguage): string {
  const [spreads, counts] = [figures.filter(isSpread), figures.filter((figure) => !isSpread(figure))];
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escapeHtml(title[language])}</h2>
${charts.map((chart) => chartHtml(chart, language)).join('\n')}
${
  counts.length === 0
    ? ''
    : table(
        title[language],
        [said.figure, said.number, said.share],
        counts.map((each) => countRow(each, language)),
        language,
      )
}
${
  spreads.length === 0
    ? ''
    : table(
        title[language],
        [said.figure, said.half, said.most, said.longest, said.of],
        spreads.map((each) => spreadRow(each, language)),
        language,
      )
}
${notes.map((note) => `<p class="note">${escapeHtml(note[language])}</p>`).join('')}
</section>`;
}

function isSpread({ value }: Figure): boolean {
  return value.kind === 'spread';
}

function countRow({ label, value, alarming }: Figure, language: PageLanguage): string {
  const mark = alarming === true ? ` <span class="look">(${escapeHtml(said.look[language])})</span>` : '';
  const cells =
    value.kind === 'count'
      ? [leftToRight(shownNumber(value.n)), value.of === null ? '' : partOf(value.n, value.of, language)]
      : [leftToRight(shownValue(value).trim()), ''];
  return `<tr${mark === '' ? '' : ' class="alarming"'}><th scope="row">${escapeHtml(label[language])}${mark}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function spreadRow({ label, value }: Figure, language: PageLanguage): string {
  if (value.kind !== 'spread') return '';
  const times = [value.p50, value.p95, value.max].map((each) => time(each, value.unit, language));
  const cells = [...times, leftToRight(shownNumber(value.count))];
  return `<tr><th scope="row">${escapeHtml(label[language])}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function chartHtml(chart: Bars, language: PageLanguage): string {
  const rows = chart.bars.map(
    ({ label, value }) =>
      `<tr><th scope="row">${leftToRight(label[language])}</th><td>${leftToRight(shownNumber(value))}</td></tr>`,
  );
  return `<figure><figcaption>${escapeHtml(chart.title[language])}</figcaption>${chartSvg(chart, language)}<details><summary>${escapeHtml(said.asTable[language])}</summary>${table(chart.title[language], [chart.row, chart.bar], rows, language)}</details></figure>`;
}

function table(caption: string, head: readonly Words[], rows: readonly string[], language: PageLanguage): string {
  const cells = head.map((each) => `<th scope="col">${escapeHtml(each[language])}</th>`).join('');
  return `<table><caption class="unseen">${escapeHtml(caption)}</caption><thead><tr>${cells}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
