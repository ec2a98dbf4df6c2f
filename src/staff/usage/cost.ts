import { isSettingName, type Settings, type SettingName } from '../../store/settings.ts';
import type { UsageSum } from '../../store/usageQueries.ts';
import type { UsageKind } from '../../store/usageRecord.ts';

/** What usage costs by the prices that are set. Whole millionths of the currency, each sum rounded once. */

type Countable = keyof Pick<UsageSum, 'inputTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'outputTokens' | 'amount'>;

/** A price's name after `prices.PROVIDER.`, and how much of it makes one unit of the price. */
interface Billed {
  readonly price: string;
  readonly unit: bigint;
  readonly of: Countable;
}

const million = 1_000_000n;
const tokens: readonly Billed[] = (['inputTokens', 'cachedTokens', 'cacheWriteTokens', 'outputTokens'] as const).map(
  (of) => ({ price: of, unit: million, of }),
);

const billed: Readonly<Record<UsageKind, readonly Billed[]>> = {
  reply: tokens,
  classifier: tokens,
  judge: tokens,
  recognition: [{ price: 'recognition', unit: 3_600_000n, of: 'amount' }],
  synthesis: [{ price: 'synthesis', unit: million, of: 'amount' }],
  callerLeg: [{ price: 'callerLeg', unit: 1n, of: 'amount' }],
  personLeg: [{ price: 'personLeg', unit: 1n, of: 'amount' }],
  message: [{ price: 'message', unit: 1n, of: 'amount' }],
};

export interface Cost {
  readonly micros: number;
  /** Prices that are wanted and not set: what they would add is missing. */
  readonly missing: readonly string[];
}

export function costOf(used: readonly UsageSum[], settings: Settings): Cost {
  const totals = new Map<string, { readonly quantity: bigint; readonly unit: bigint }>();
  for (const sum of used)
    for (const { price, unit, of } of billed[sum.kind]) {
      if (sum[of] === 0) continue;
      const name = `prices.${sum.provider}.${price}`;
      totals.set(name, { quantity: (totals.get(name)?.quantity ?? 0n) + BigInt(sum[of]), unit });
    }
  let micros = 0n;
  const missing: string[] = [];
  for (const [name, { quantity, unit }] of totals) {
    const price = isSettingName(name) ? priceOf(settings, name) : null;
    if (price === null) missing.push(name);
    // Half a millionth goes up.
    else micros += (quantity * BigInt(price) * 2n + unit) / (2n * unit);
  }
  return { micros: Number(micros), missing: missing.toSorted() };
}

function priceOf(settings: Settings, name: SettingName): number | null {
  const value = settings.get(name)?.value;
  return typeof value === 'number' ? value : null;
}

export function currencyOf(settings: Settings): string {
  return String(settings.get('prices.currency')?.value ?? 'USD');
}
