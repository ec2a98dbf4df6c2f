import { escapeHtml } from './markup.ts';
import type { Bars, Words } from './sections.ts';

/** Bars as inline SVG. What they show stands beside them as a table too, so that nobody needs to see them. */

export type Language = keyof Words;

const size = { width: 720, height: 190, top: 18, bottom: 22 };

/** Time runs from the right in a page that is read from the right. */
export function chartSvg(chart: Bars, language: Language): string {
  return chart.shape === 'upright' ? upright(chart, language) : lying(chart, language);
}

function upright({ id, title, bars }: Bars, language: Language): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = size.width / Math.max(1, bars.length);
  const room = size.height - size.top - size.bottom;
  const drawn = bars.map(({ label, value }, n) => {
    const place = language === 'ar' ? bars.length - 1 - n : n;
    const [x, middle] = [place * step + step * 0.12, (place + 0.5) * step];
    const height = value === 0 ? 0 : Math.max(1, (value / most) * room);
    const y = size.height - size.bottom - height;
    return [
      `<rect class="bar" x="${fixed(x)}" y="${fixed(y)}" width="${fixed(step * 0.76)}" height="${fixed(height)}"/>`,
      value === 0 ? '' : `<text class="number" x="${fixed(middle)}" y="${fixed(y - 4)}">${short(value)}</text>`,
      `<text class="label" x="${fixed(middle)}" y="${size.height - 6}">${escapeHtml(label[language].slice(-2))}</text>`,
    ].join('');
  });
  const ground = size.height - size.bottom + 0.5;
  return framed(
    id,
    title[language],
    size.height,
    `<line class="ground" x1="0" y1="${ground}" x2="${size.width}" y2="${ground}"/>${drawn.join('')}`,
  );
}

const row = { height: 26, names: 130, numbers: 80 };

function lying({ id, title, bars }: Bars, language: Language): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = size.width - row.names - row.numbers;
  const mirrored = (x: number, width = 0): number => (language === 'ar' ? size.width - x - width : x);
  const drawn = bars.map(({ id: name, label, value }, n) => {
    const length = value === 0 ? 0 : Math.max(2, (value / most) * room);
    const y = n * row.height;
    const base = y + row.height * 0.68;
    return [
      `<text class="name" x="${mirrored(row.names - 10)}" y="${fixed(base)}">${escapeHtml(label[language])}</text>`,
      `<rect class="bar ${escapeHtml(name)}" x="${fixed(mirrored(row.names, length))}" y="${y + 4}" width="${fixed(length)}" height="${row.height - 8}"/>`,
      `<text class="amount" x="${fixed(mirrored(row.names + length + 6))}" y="${fixed(base)}">${value}</text>`,
    ].join('');
  });
  return framed(id, title[language], bars.length * row.height, drawn.join(''));
}

function framed(id: string, title: string, height: number, content: string): string {
  return `<svg role="img" aria-labelledby="${id}-title" viewBox="0 0 ${size.width} ${height}"><title id="${id}-title">${escapeHtml(title)}</title>${content}</svg>`;
}

function fixed(n: number): string {
  return String(Math.round(n * 10) / 10);
}

/** Fits above a bar of a month; the table has it whole. */
function short(value: number): string {
  return value < 10_000 ? String(value) : `${Math.round(value / 1_000)}k`;
}
