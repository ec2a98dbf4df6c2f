import {
  changeSetting,
  isSettingName,
  readOrganisationSettings,
  resetSetting,
  settingDefinitions,
  settingNames,
  soundSetting,
  type Setting,
  type SettingName,
  type SettingValue,
} from '../../store/settings.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId } from '../listing.ts';
import { exactDecimal, readMoney } from '../money.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Column } from '../output.ts';
import { inZone } from '../zonedTime.ts';

const advice = 'Defaults are list prices from before this version was made. Check your contract.';

/** `zone`: of the times that are shown. */
export async function listSettings(access: StaffAccess, zone: string): Promise<Outcome> {
  access.demand('seeReports');
  const { currency, settings } = await read(access);
  return {
    kind: 'done',
    json: { zone, settings: settings.map(jsonOf) },
    csv: csvText(csvColumns, settings),
    print: ({ line, table, colours }) => {
      table(columns(currency, zone), settings);
      line(`\n${colours.dim(advice)}`);
    },
  };
}

export async function showSetting(access: StaffAccess, words: string, zone: string): Promise<Outcome> {
  access.demand('seeReports');
  if (!isSettingName(words)) return unknown(words);
  const { currency, settings } = await read(access);
  const setting = settings.find(({ name }) => name === words) ?? defaultOf(words);
  const { source, per } = settingDefinitions[words];
  return {
    kind: 'done',
    json: jsonOf(setting),
    print: ({ line }) => {
      line(`${words}: ${shown(setting.name, setting.value, currency)}${per === '' ? '' : ` per ${per}`}`);
      line(`  ${changedWhen(setting, zone)}`);
      line(`  default: ${shown(words, settingDefinitions[words].fallback, currency)} (${source})`);
    },
  };
}

/** `text`: as typed; `default` takes the change back, `none` says that no price is known. */
export async function setSetting(access: StaffAccess, words: string, text: string): Promise<Outcome> {
  access.demand('changeSettings');
  if (!isSettingName(words)) return unknown(words);
  const typed = readValue(words, text);
  if (typed === undefined) return misused('wrongValue', wrongValue(words, text));
  const { database, organisationId, actor } = access;
  const value = typed === 'default' ? settingDefinitions[words].fallback : typed.value;
  const before = await database.within(organisationId, async (tx) => {
    const held = (await readOrganisationSettings(tx, organisationId)).get(words) ?? defaultOf(words);
    if (typed === 'default') await resetSetting(tx, organisationId, words);
    else await changeSetting(tx, organisationId, { name: words, value, by: actor.id });
    await access.noteIn(tx, 'settingChanged', { kind: 'setting', id: words }, undefined, {
      from: held.value,
      to: value,
    });
    return held;
  });
  return {
    kind: 'done',
    json: { name: words, value, before: before.value },
    print: ({ line }) => {
      line(`${words}: ${plain(words, value)} (was ${plain(words, before.value)}).`);
      if (words === 'prices.currency') line('Prices are not converted: set each of them in the new currency.');
    },
  };
}

async function read({ database, organisationId }: StaffAccess) {
  const found = await database.within(organisationId, (tx) => readOrganisationSettings(tx, organisationId));
  return { settings: [...found.values()], currency: String(found.get('prices.currency')?.value ?? 'USD') };
}

function defaultOf(name: SettingName): Setting {
  return { name, value: settingDefinitions[name].fallback, changedAt: null, changedBy: null };
}

/** Undefined: it is none. */
function readValue(name: SettingName, text: string): { readonly value: SettingValue } | 'default' | undefined {
  const typed = text.trim();
  if (typed === 'default') return 'default';
  const isPrice = settingDefinitions[name].kind === 'price';
  const value = soundSetting(name, isPrice ? (typed === 'none' ? null : (readMoney(typed) ?? undefined)) : typed);
  return value === undefined ? undefined : { value };
}

const wrongValues: Readonly<Record<(typeof settingDefinitions)[SettingName]['kind'], string>> = {
  price: 'no price. It is a number with at most six places, for example 2.50; or none, or default',
  currency: 'no currency. It is its code of three capital letters, for example USD or OMR; or default',
  yesNo: 'neither yes nor no, nor default',
};

function wrongValue(name: SettingName, text: string): string {
  return `"${text}" is ${wrongValues[settingDefinitions[name].kind]}.`;
}

function unknown(words: string): Outcome {
  const near = settingNames.filter((name) => name.toLowerCase().includes(words.toLowerCase()));
  const hint = words.length > 2 && near.length > 0 ? `Did you mean ${near.slice(0, 4).join(', ')}? ` : '';
  return misused(
    'unknownSetting',
    `There is no setting "${words}". ${hint}All of them: npm run sanad -- settings list`,
  );
}

function plain(name: SettingName, value: SettingValue): string {
  if (value === null) return 'none';
  return settingDefinitions[name].kind === 'price' && typeof value === 'number' ? exactDecimal(value) : String(value);
}

function shown(name: SettingName, value: SettingValue, currency: string): string {
  const isPrice = settingDefinitions[name].kind === 'price' && value !== null;
  return isPrice ? `${plain(name, value)} ${currency}` : plain(name, value);
}

function changedWhen({ changedAt, changedBy }: Setting, zone: string): string {
  if (changedAt === null) return 'default';
  return `${inZone(changedAt, zone)} (${zone}) by ${changedBy === null ? 'the local operator' : shortId(changedBy)}`;
}

function jsonOf(setting: Setting): object {
  const { per, fallback, source } = settingDefinitions[setting.name];
  return { ...setting, per, default: fallback, source };
}

function columns(currency: string, zone: string): readonly Column<Setting>[] {
  return [
    { title: 'setting', width: 34, cell: ({ name }) => name },
    {
      title: 'value',
      width: 14,
      cell: ({ name, value }, { yellow }) => (value === null ? yellow('none') : shown(name, value, currency)),
    },
    { title: 'per', width: 18, cell: ({ name }) => settingDefinitions[name].per },
    {
      title: 'from',
      cell: (setting, { dim }) =>
        setting.changedAt === null
          ? dim(`default: ${settingDefinitions[setting.name].source}`)
          : changedWhen(setting, zone),
    },
  ];
}

const csvColumns: readonly CsvColumn<Setting>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'value', value: ({ name, value }) => plain(name, value) },
  { name: 'per', value: ({ name }) => settingDefinitions[name].per },
  { name: 'default', value: ({ name }) => plain(name, settingDefinitions[name].fallback) },
  { name: 'source', value: ({ name }) => settingDefinitions[name].source },
  { name: 'changedAt', value: ({ changedAt }) => changedAt },
  { name: 'changedBy', value: ({ changedBy }) => changedBy },
];
