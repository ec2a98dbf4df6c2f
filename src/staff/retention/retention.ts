import { sweepRetention, type RetentionReport } from '../../store/retention.ts';
import {
  faultOfRetention,
  otherRetention,
  printHours,
  readRetention,
  retentionKinds,
  retentionRules,
  setRetention,
  type RetentionKind,
  type RetentionPolicy,
} from '../../store/retentionPolicy.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { csvText } from '../csv.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';

export async function show(access: StaffAccess): Promise<Outcome> {
  access.demand('runRetention');
  const policy = await readPolicy(access);
  const rows = retentionKinds.map((kind) => ({
    ...retentionRules[kind],
    kind,
    hours: policy.hours[kind],
    kept: printHours(policy.hours[kind]),
    isDefault: !policy.changed.includes(kind),
  }));
  return {
    kind: 'done',
    json: {
      kinds: rows.map(({ least: _least, most: _most, ...row }) => row),
      others: otherRetention,
    },
    csv: csvText(
      [
        { name: 'kind', value: ({ kind }) => kind },
        { name: 'what', value: ({ what }) => what },
        { name: 'hours', value: ({ hours }) => hours },
        { name: 'from', value: ({ from }) => from },
        { name: 'why', value: ({ why }) => why },
        { name: 'default', value: ({ isDefault }) => isDefault },
      ],
      rows,
    ),
    print: (output) => {
      output.table(
        [
          { title: 'kind', width: 19, cell: ({ kind }, { bold }) => bold(kind) },
          {
            title: 'kept',
            width: 14,
            cell: ({ kept, isDefault }, { yellow }) => (isDefault ? kept : yellow(`${kept} (set)`)),
          },
          {
            title: 'what, from when, and why',
            cell: ({ what, from, why }, { dim }) => `${what}; from: ${from}\n${dim(why)}`,
          },
        ],
        rows,
      );
      output.line();
      for (const { what, kept, why } of otherRetention) output.line(`${what}: ${kept}, ${why}.`);
    },
  };
}

function readPolicy({ database, organisationId }: StaffAccess): Promise<RetentionPolicy> {
  return database.within(organisationId, (tx) => readRetention(tx, organisationId));
}

export interface RunOptions {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (kind: RetentionKind, removed: number) => void;
}

export async function runRetention(access: StaffAccess, options: RunOptions): Promise<Outcome> {
  access.demand('runRetention');
  const { database, keys, organisationId, actor } = access;
  const report = await sweepRetention({ database, keys, organisationId, actor, ...options });
  return { kind: 'done', json: report, print: (output) => print(report, output) };
}

const units: Readonly<Record<RetentionKind, string>> = {
  wordsWithoutConsent: 'calls lost their words: nobody had agreed to keep them',
  turnWords: 'calls lost their words: their time was over',
  briefings: 'briefings were emptied',
  callLog: 'calls lost their log',
  messageWords: 'messages lost their words',
  messages: 'messages and plans of follow-ups were removed',
  riskAssessments: 'assessments of danger were removed',
  escalations: 'escalations were removed',
  calls: 'calls were removed',
  callersWithoutCalls: 'callers without calls were removed',
};

function print({ dryRun, removed, waiting, stopped }: RetentionReport, { line, colours }: Output): void {
  const some = retentionKinds.filter((kind) => removed[kind] > 0);
  if (dryRun) line(colours.bold('Dry run: nothing was removed. It would be:'));
  for (const kind of some) line(`${String(removed[kind]).padStart(7)}  ${units[kind]}`);
  if (some.length === 0) line(dryRun ? '  nothing' : 'Nothing was over its time.');
  if (waiting > 0)
    line(
      `${waiting} calls keep their words for now: a person is being brought to the caller, or has promised to call back.`,
    );
  if (stopped) line('It was broken off; the next run goes on.');
}

/** `hours`: null for the default. */
export async function setPeriod(access: StaffAccess, kind: RetentionKind, hours: number | null): Promise<Outcome> {
  access.demand('changeSettings');
  const wanted = hours ?? retentionRules[kind].hours;
  const { database, organisationId } = access;
  return database.within(organisationId, async (tx) => {
    const before = await readRetention(tx, organisationId);
    const fault = faultOfRetention(kind, wanted, before.hours);
    if (fault !== null) return misused('wrongPeriod', `${fault} Nothing was changed.`);
    await setRetention(tx, organisationId, kind, wanted);
    await access.noteIn(tx, 'settingChanged', { kind: 'setting', id: `retention.${kind}` }, undefined, {
      before: before.hours[kind],
      after: wanted,
    });
    return {
      kind: 'done',
      json: { kind, before: before.hours[kind], after: wanted },
      print: ({ line }) => {
        line(`${kind}: ${printHours(wanted)} (was ${printHours(before.hours[kind])}).`);
        if (wanted < before.hours[kind])
          line('What is over its time now goes with the next sweep. See: retention run --dry-run');
      },
    };
  });
}
