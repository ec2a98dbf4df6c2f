import { z } from 'zod';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

/** What staff may change of their organisation without starting anything anew. How long records are kept is set by itself (retention). */

/** Millionths of a unit of the currency, as whole numbers; null: no price is known. */
const price = z.number().int().min(0).max(1_000_000_000_000).nullable();

/** 4217 alphabetic code. */
const currency = z.string().regex(/^[A-Z]{3}$/);

const shapes = { price, currency, yesNo: z.enum(['yes', 'no']) } as const;

export interface SettingDefinition {
  readonly kind: 'price' | 'currency' | 'yesNo';
  /** Of a price: for so much of it. */
  readonly per: string;
  readonly fallback: number | string | null;
  /** Where the default comes from. */
  readonly source: string;
}

const openai = 'list price of gpt-4.1, 2025-04-14';
const anthropic = 'list price of the Sonnet models, 2026-06';
const azure = 'list price, pay as you go, 2025';
const carrier = 'depends on number and country: see your contract';
const aPrice = (per: string, fallback: number | null, source: string): SettingDefinition => ({
  kind: 'price',
  per,
  fallback,
  source,
});

export const settingDefinitions = {
  'prices.currency': { kind: 'currency', per: '', fallback: 'USD', source: 'that of the list prices' },
  'prices.openai.inputTokens': aPrice('million tokens', 2_000_000, openai),
  'prices.openai.cachedTokens': aPrice('million tokens', 500_000, openai),
  'prices.openai.outputTokens': aPrice('million tokens', 8_000_000, openai),
  'prices.anthropic.inputTokens': aPrice('million tokens', 3_000_000, anthropic),
  'prices.anthropic.cachedTokens': aPrice('million tokens', 300_000, anthropic),
  'prices.anthropic.cacheWriteTokens': aPrice('million tokens', 3_750_000, anthropic),
  'prices.anthropic.outputTokens': aPrice('million tokens', 15_000_000, anthropic),
  'prices.azure.recognition': aPrice('hour of audio', 1_000_000, azure),
  'prices.azure.synthesis': aPrice('million characters', 15_000_000, azure),
  'prices.twilio.callerLeg': aPrice('minute begun', null, carrier),
  'prices.twilio.personLeg': aPrice('minute begun', null, carrier),
  'prices.twilio.message': aPrice('segment', null, carrier),
  'mood.ask': {
    kind: 'yesNo',
    per: '',
    fallback: 'no',
    source: 'a call begins with listening; an organisation decides what it asks',
  },
  'returning.greet': {
    kind: 'yesNo',
    per: '',
    fallback: 'no',
    source: 'whoever answers yes is not proved to be the one who rang',
  },
  'summaries.autoApprove': {
    kind: 'yesNo',
    per: '',
    fallback: 'no',
    source: 'nothing enters a history that no clinician has read',
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingName = keyof typeof settingDefinitions;

export const settingNames = Object.keys(settingDefinitions) as readonly SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDefinitions, name);
}

export type SettingValue = number | string | null;

/** The same value when it may be set; undefined otherwise. */
export function soundSetting(name: SettingName, value: unknown): SettingValue | undefined {
  const parsed = shapes[settingDefinitions[name].kind].safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

export interface Setting {
  readonly name: SettingName;
  readonly value: SettingValue;
  /** Null: it is the default. */
  readonly changedAt: Date | null;
  /** Id of the member of staff; null: the default, or the local operator. */
  readonly changedBy: string | null;
}

export type Settings = ReadonlyMap<SettingName, Setting>;

const row = z.object({
  name: z.string(),
  value: z.unknown(),
  changed_at: z.date(),
  changed_by: z.string().nullable(),
});

/** All that may be set, in the order of the definitions; a value that makes no sense counts as not set. */
export async function readOrganisationSettings(tx: Transaction, organisationId: string): Promise<Settings> {
  const result = await run(
    tx,
    'select name, value, changed_at, changed_by from organisation_settings where organisation_id = ?',
    [organisationId],
  );
  const set = new Map(readRows(row, result).map((each) => [each.name, each]));
  return new Map(
    settingNames.map((name) => {
      const found = set.get(name);
      const value = found === undefined ? undefined : soundSetting(name, found.value);
      const setting: Setting =
        found === undefined || value === undefined
          ? { name, value: settingDefinitions[name].fallback, changedAt: null, changedBy: null }
          : { name, value, changedAt: found.changed_at, changedBy: found.changed_by };
      return [name, setting];
    }),
  );
}

/** The caller has made sure of the value with `soundSetting`. */
export async function changeSetting(
  tx: Transaction,
  organisationId: string,
  change: { readonly name: SettingName; readonly value: SettingValue; readonly by: string | null },
): Promise<void> {
  await run(
    tx,
    `insert into organisation_settings (organisation_id, name, value, changed_by) values (?, ?, ?::jsonb, ?)
     on conflict (organisation_id, name) do update
       set value = excluded.value, changed_at = now(), changed_by = excluded.changed_by`,
    [organisationId, change.name, JSON.stringify(change.value), change.by],
  );
}

/** From then on the default counts, also a later version's. */
export async function resetSetting(tx: Transaction, organisationId: string, name: SettingName): Promise<void> {
  await run(tx, 'delete from organisation_settings where organisation_id = ? and name = ?', [organisationId, name]);
}
