/** A report as it is told: sections of figures and bars, in both languages, for a terminal, a page or a spreadsheet alike. */

export interface Words {
  readonly en: string;
  readonly ar: string;
}

export type Value =
  /** `of`: what it is a part of. */
  | { readonly kind: 'count'; readonly n: number; readonly of: number | null }
  | {
      readonly kind: 'spread';
      readonly unit: 'ms' | 'seconds';
      readonly count: number;
      readonly p50: number | null;
      readonly p95: number | null;
      readonly max: number | null;
    }
  | { readonly kind: 'length'; readonly seconds: number }
  /** Millionths of the currency. */
  | { readonly kind: 'money'; readonly micros: number; readonly currency: string };

export interface Figure {
  /** For programs; never changes its meaning. */
  readonly id: string;
  readonly label: Words;
  readonly value: Value;
  /** It should be none, and is some. */
  readonly alarming?: boolean;
}

export interface Bar {
  /** For programs. */
  readonly id: string;
  readonly label: Words;
  readonly value: number;
}

export interface Bars {
  readonly id: string;
  readonly title: Words;
  /** What is counted in a row and what the bars are, as headings. */
  readonly row: Words;
  readonly bar: Words;
  /** `upright`: along time; `lying`: names. */
  readonly shape: 'upright' | 'lying';
  readonly bars: readonly Bar[];
}

export interface Section {
  readonly id: string;
  readonly title: Words;
  readonly figures: readonly Figure[];
  readonly charts: readonly Bars[];
  readonly notes: readonly Words[];
}

export function words(en: string, ar = en): Words {
  return { en, ar };
}

export function count(id: string, label: Words, n: number, of: number | null = null): Figure {
  return { id, label, value: { kind: 'count', n, of } };
}

export function money(id: string, label: Words, micros: number, currency: string): Figure {
  return { id, label, value: { kind: 'money', micros, currency } };
}

/** Some of it is a reason to look closer. */
export function alarm(id: string, label: Words, n: number, of: number | null = null): Figure {
  return { ...count(id, label, n, of), alarming: n > 0 };
}

export interface Measured {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export function spread(id: string, label: Words, measured: Measured, unit: 'ms' | 'seconds' = 'ms'): Figure {
  return { id, label, value: { kind: 'spread', unit, ...measured } };
}

/** The most frequent first. */
export function parts(
  id: string,
  counted: Readonly<Record<string, number>>,
  of: number,
  named: (name: string) => Words,
): readonly Figure[] {
  return Object.entries(counted)
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([name, n]) => count(`${id}.${name}`, named(name), n, of));
}

/** A name that this version has no words for stands for itself. */
export function nameIn(names: Readonly<Record<string, Words>>): (name: string) => Words {
  return (name) => (Object.hasOwn(names, name) ? names[name] : undefined) ?? words(name);
}
