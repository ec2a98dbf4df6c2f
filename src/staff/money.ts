/** Money as whole millionths of a unit of its currency: exact, and never a fraction. */

const micro = 1_000_000;

/** `2.5` → 2500000; at most six places, no sign. Null when it is no price. */
export function readMoney(text: string): number | null {
  const parts = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (parts === null) return null;
  return Number(parts[1]) * micro + Number((parts[2] ?? '').padEnd(6, '0'));
}

/** `12.34 USD`; below a tenth of a unit with all its places: `0.000123 USD`. */
export function shownMoney(amount: number, currency: string): string {
  return `${decimal(amount)} ${currency}`;
}

/** Not less than two places, and of small amounts as many as there are. */
export function decimal(amount: number): string {
  const whole = Math.floor(amount / micro);
  const places = String(amount % micro).padStart(6, '0');
  const shown = amount < micro / 10 ? places.replace(/0{1,4}$/, '') : places.slice(0, 2);
  return `${whole.toLocaleString('en-GB')}.${shown}`;
}

/** As it was typed: all places that count. */
export function exactDecimal(amount: number): string {
  const places = String(amount % micro)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${Math.floor(amount / micro)}.${places}`;
}
