import type { Transaction } from '../../store/database.ts';
import type { ReportPeriod } from '../../store/reportQueries.ts';
import { readOrganisationSettings, type Settings } from '../../store/settings.ts';
import { countCalls, readUsage, readUsageOfCalls, type UsageSum } from '../../store/usageQueries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText, type CsvColumn } from '../csv.ts';
import { shortId } from '../listing.ts';
import { decimal, shownMoney } from '../money.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Column, Output } from '../output.ts';
import { instantOf, inZone, type TimeWords } from '../zonedTime.ts';
import { costOf, currencyOf, type Cost } from './cost.ts';

export const usageGroupings = ['provider', 'day', 'call'] as const;

export type UsageGrouping = (typeof usageGroupings)[number];

export interface UsageOptions {
  readonly from: TimeWords;
  readonly to?: TimeWords;
  readonly by: UsageGrouping;
  readonly limit: number;
  readonly zone: string;
}

/** One line: what a provider did of one kind, in a day or a call or all together, and what that costs. */
type Line = UsageSum & { readonly cost: Cost };

interface Usage {
  readonly calls: number;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly total: Cost;
}

export async function showUsage(access: StaffAccess, options: UsageOptions, now: Date): Promise<Outcome> {
  access.demand('seeReports');
  const { zone, by } = options;
  const from = instantOf(options.from, 'from', zone, now);
  const to = options.to === undefined ? now : instantOf(options.to, 'to', zone, now);
  if (from >= to) return misused('wrongPeriod', '--from is not before --to.');
  const { database, organisationId } = access;
  if (by === 'call') access.demand('seeCalls');
  const usage = await database.within(organisationId, async (tx) => {
    const found = await readAll(tx, { organisationId, from, to, zone }, options);
    await access.noteIn(tx, 'usageSeen', { kind: 'report', id: `usage.${by}` }, undefined, {
      lines: found.lines.length,
    });
    return found;
  });
  const { currency, calls, lines, total } = usage;
  return {
    kind: 'done',
    json: { from, to, zone, by, calls, currency, total, perCallMicros: perCall(usage), lines: lines.map(jsonOf) },
    csv: csvText(csvColumns(by, currency), lines),
    print: (output) => {
      output.line(output.colours.bold(`Usage from ${inZone(from, zone)} to ${inZone(to, zone)} (${zone})`));
      print(usage, by, output);
      if (by === 'call') output.line(`Of at most ${options.limit} calls, the newest; --limit shows more.`);
    },
  };
}

async function readAll(tx: Transaction, period: ReportPeriod, { by, limit }: UsageOptions): Promise<Usage> {
  const settings = await readOrganisationSettings(tx, period.organisationId);
  const sums =
    by === 'call'
      ? await readUsageOfCalls(tx, period, limit)
      : await readUsage(tx, period, by === 'day' ? 'day' : 'all');
  const calls = by === 'call' ? new Set(sums.map(({ group }) => group)).size : await countCalls(tx, period);
  return usageOf(sums, settings, calls);
}

function usageOf(sums: readonly UsageSum[], settings: Settings, calls: number): Usage {
  return {
    calls,
    currency: currencyOf(settings),
    lines: sums.map((sum) => ({ ...sum, cost: costOf([sum], settings) })),
    total: costOf(sums, settings),
  };
}

/** Millionths; null without a call. */
function perCall({ calls, total }: Usage): number | null {
  return calls === 0 ? null : Math.round(total.micros / calls);
}

function print(usage: Usage, by: UsageGrouping, { line, table, colours }: Output): void {
  const { lines, total, calls, currency } = usage;
  if (lines.length === 0) return line('Nothing was used.');
  table(columns(by), lines);
  const each = perCall(usage);
  line();
  line(
    `${calls} call${calls === 1 ? '' : 's'}, ${shownMoney(total.micros, currency)}${each === null ? '' : `, ${shownMoney(each, currency)} a call`}`,
  );
  if (total.missing.length > 0)
    line(colours.yellow(`Not in it, because no price is set: ${total.missing.join(', ')} (settings set NAME PRICE)`));
  const estimated = lines.reduce((sum, each_) => sum + each_.estimated, 0);
  if (estimated > 0)
    line(colours.dim(`Tokens of ${estimated} requests are guessed: they were broken off before the provider told.`));
  line(colours.dim('By the prices that are set now; defaults are list prices, check your contract (settings list).'));
}

function shownAmount({ kind, amount, inputTokens, cachedTokens, cacheWriteTokens, outputTokens }: UsageSum): string {
  const n = (value: number): string => value.toLocaleString('en-GB');
  switch (kind) {
    case 'reply':
    case 'classifier':
    case 'judge': {
      const cache = cachedTokens + cacheWriteTokens;
      const cached = cache === 0 ? '' : `, ${n(cachedTokens)} from and ${n(cacheWriteTokens)} into a cache`;
      return `${n(inputTokens)} tokens in${cached}, ${n(outputTokens)} out`;
    }
    case 'recognition':
      return `${n(Math.round(amount / 1_000))} s of audio`;
    case 'synthesis':
      return `${n(amount)} characters`;
    case 'callerLeg':
    case 'personLeg':
      return `${n(amount)} minutes begun`;
    case 'message':
      return `${n(amount)} segments`;
  }
}

const groupTitles: Readonly<Record<UsageGrouping, string>> = { provider: '', day: 'day', call: 'call' };

function columns(by: UsageGrouping): readonly Column<Line>[] {
  const group: readonly Column<Line>[] =
    by === 'provider'
      ? []
      : [
          {
            title: groupTitles[by],
            width: 10,
            cell: ({ group: id }) => (by === 'call' ? shortId(id ?? '') : (id ?? '')),
          },
        ];
  return [
    ...group,
    { title: 'provider', width: 9, cell: ({ provider }) => provider },
    { title: 'for', width: 11, cell: ({ kind }) => kind },
    { title: 'used', cell: shownAmount },
    { title: 'failed', width: 6, cell: ({ failures }, { red }) => (failures === 0 ? '' : red(String(failures))) },
    {
      title: 'other took over',
      width: 15,
      cell: ({ failovers }, { yellow }) => (failovers === 0 ? '' : yellow(String(failovers))),
    },
    {
      title: 'cost',
      width: 11,
      cell: ({ cost }, { yellow }) => (cost.missing.length > 0 ? yellow('no price') : decimal(cost.micros)),
    },
  ];
}

function jsonOf({ cost, ...sum }: Line): object {
  return { ...sum, costMicros: cost.missing.length > 0 ? null : cost.micros };
}

function csvColumns(by: UsageGrouping, currency: string): readonly CsvColumn<Line>[] {
  const group: readonly CsvColumn<Line>[] =
    by === 'provider' ? [] : [{ name: groupTitles[by], value: ({ group: id }) => id }];
  return [
    ...group,
    { name: 'provider', value: ({ provider }) => provider },
    { name: 'kind', value: ({ kind }) => kind },
    { name: 'requests', value: ({ requests }) => requests },
    { name: 'inputTokens', value: ({ inputTokens }) => inputTokens },
    { name: 'cachedTokens', value: ({ cachedTokens }) => cachedTokens },
    { name: 'cacheWriteTokens', value: ({ cacheWriteTokens }) => cacheWriteTokens },
    { name: 'outputTokens', value: ({ outputTokens }) => outputTokens },
    { name: 'amount', value: ({ amount }) => amount },
    { name: 'estimated', value: ({ estimated }) => estimated },
    { name: 'failures', value: ({ failures }) => failures },
    { name: 'failovers', value: ({ failovers }) => failovers },
    { name: 'costMicros', value: ({ cost }) => (cost.missing.length > 0 ? null : cost.micros) },
    { name: 'currency', value: () => currency },
  ];
}
