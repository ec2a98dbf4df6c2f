import { readSummary, type Summary } from '../../summary/summary.ts';
import { mayStand } from '../../summary/summarise.ts';
import type { Transaction } from '../../store/database.ts';
import type { Opened } from '../../store/opened.ts';
import {
  decideSummary,
  editSummary,
  listSummaries,
  readShownSummary,
  type ListedSummary,
  type ShownSummary,
  type SummaryChange,
  type SummaryState,
} from '../../store/summaries.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { shownLevel } from '../calls/list.ts';
import { csvText } from '../csv.ts';
import { findId } from '../escalations/findId.ts';
import { shortId, type ListOptions } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { inZone } from '../zonedTime.ts';
import { readJsonFile } from './jsonFile.ts';

export async function list(
  access: StaffAccess,
  options: ListOptions & { readonly state: readonly SummaryState[] },
): Promise<Outcome> {
  access.demand('approveSummaries');
  await access.note('summariesSeen', { kind: 'summary', id: null });
  return access.database.within(access.organisationId, async (tx) => {
    const after = options.after === undefined ? null : await findId(tx, 'call_summaries', options.after);
    if (after?.kind === 'refused') return after.outcome;
    const filter = { states: options.state, after: after?.id ?? null, limit: options.limit };
    const { items, next } = await listSummaries(tx, access.organisationId, filter);
    return {
      kind: 'done',
      json: { summaries: items, next },
      csv: csvText(
        (['id', 'callId', 'callerId', 'startedAt', 'level', 'state', 'source', 'language', 'version'] as const).map(
          (name) => ({ name, value: (item: ListedSummary) => item[name] }),
        ),
        items,
      ),
      print: (output) => {
        if (items.length === 0) return output.line(`There is none that is ${options.state.join(' or ')}.`);
        output.table(
          [
            { title: 'summary', width: 8, cell: ({ id }) => shortId(id) },
            { title: 'call', width: 8, cell: ({ callId }) => shortId(callId) },
            { title: 'of', width: 16, cell: ({ startedAt }) => inZone(startedAt, options.zone).slice(0, 16) },
            { title: 'level', width: 8, cell: ({ level }, colours) => shownLevel(level, colours) },
            { title: 'state', width: 10, cell: ({ state, version }) => `${state} ${version}` },
            { title: 'written by', cell: ({ source }) => writers[source] },
          ],
          items,
        );
        output.line();
        output.line(`${items.length} shown. Times: ${options.zone}. The number after the state is the version.`);
        if (next !== null) output.line(`There are more: --after ${shortId(next)}`);
      },
    };
  });
}

const writers: Readonly<Record<ListedSummary['source'], string>> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  extractive: 'an extract: no model answered',
  staff: 'staff',
};

export async function show(
  access: StaffAccess,
  words: string,
  { reason, zone }: { readonly reason: string; readonly zone: string },
): Promise<Outcome> {
  access.demand('approveSummaries');
  access.demand('readWords');
  return onSummary(access, words, async (tx, summary) => {
    await access.noteIn(tx, 'wordsRead', { kind: 'summary', id: summary.id }, reason, { version: summary.version });
    const { body, steps, ...rest } = summary;
    return {
      kind: 'done',
      json: {
        ...rest,
        summary: contentOf(body),
        steps: steps.map((step) => ({ ...step, body: step.body === null ? null : contentOf(step.body) })),
      },
      print: (output) => print(output, summary, zone),
    };
  });
}

export async function edit(
  access: StaffAccess,
  words: string,
  { file, version }: { readonly file: string; readonly version: number },
): Promise<Outcome> {
  access.demand('approveSummaries');
  access.demand('readWords');
  const read = readJsonFile(file);
  if ('kind' in read) return read;
  const given = read.value;
  const inside = typeof given === 'object' && given !== null && 'summary' in given ? given.summary : given;
  const summary = readSummary(JSON.stringify(inside));
  if (summary === null)
    return misused(
      'wrongSummary',
      `${file} holds no summary. It has the fields broughtBy, tried, techniques, riskCourse, nextStep and homework, as summaries show --json gives them under "summary". Nothing was changed.`,
    );
  return onSummary(access, words, async (tx, held) => {
    if (!mayStand(summary, held.language))
      return refused(
        'forbidden',
        'The corrected summary names a diagnosis, a medicine, a method or a contact, which a summary must not. Nothing was changed.',
      );
    const change = await editSummary(tx, access.keys, { id: held.id, version, staffId: access.actor.id, summary });
    if (change !== 'done') return refusal(change, held);
    await access.noteIn(tx, 'summaryEdited', { kind: 'summary', id: held.id }, undefined, { version: version + 1 });
    return {
      kind: 'done',
      json: { id: held.id, version: version + 1, state: 'draft' },
      print: ({ line }) =>
        line(
          `Corrected: version ${version + 1}. Approve it with: summaries approve ${shortId(held.id)} --version ${version + 1}`,
        ),
    };
  });
}

export function approve(access: StaffAccess, words: string, version: number): Promise<Outcome> {
  return decide(access, words, { to: 'approved', version, reason: undefined });
}

export function reject(
  access: StaffAccess,
  words: string,
  { version, reason }: { readonly version: number; readonly reason: string },
): Promise<Outcome> {
  return decide(access, words, { to: 'rejected', version, reason });
}

async function decide(
  access: StaffAccess,
  words: string,
  {
    to,
    version,
    reason,
  }: { readonly to: 'approved' | 'rejected'; readonly version: number; readonly reason: string | undefined },
): Promise<Outcome> {
  access.demand('approveSummaries');
  return onSummary(access, words, async (tx, held) => {
    const change = await decideSummary(tx, access.keys, { id: held.id, version, staffId: access.actor.id, to });
    if (change !== 'done') return refusal(change, held);
    const action = to === 'approved' ? 'summaryApproved' : 'summaryRejected';
    await access.noteIn(tx, action, { kind: 'summary', id: held.id }, reason, { version });
    return {
      kind: 'done',
      json: { id: held.id, version, state: to },
      print: ({ line }) =>
        line(
          to === 'approved' ? 'Approved: the next call of this caller can go on from it.' : 'Rejected: it is not used.',
        ),
    };
  });
}

function onSummary(
  access: StaffAccess,
  words: string,
  act: (tx: Transaction, summary: ShownSummary) => Promise<Outcome>,
): Promise<Outcome> {
  return access.database.within(access.organisationId, async (tx) => {
    const found = await findId(tx, 'call_summaries', words);
    if (found.kind === 'refused') return found.outcome;
    const summary = await readShownSummary(tx, access.keys, found.id);
    return summary === null ? refused('unknownId', 'It was removed just now.') : act(tx, summary);
  });
}

function refusal(change: Exclude<SummaryChange, 'done'>, held: ListedSummary): Outcome {
  switch (change) {
    case 'unknown':
      return refused('unknownId', 'It was removed just now.');
    case 'removed':
      return refused('removed', 'The words of this call were removed, and its summary with them.');
    case 'otherVersion':
      return refused(
        'otherVersion',
        `Its version is ${held.version} now. Read it again before you decide: summaries show ${shortId(held.id)} --reason …`,
      );
    case 'wrongState':
      return refused(
        'wrongState',
        `It is ${held.state} already. ${held.state === 'approved' ? 'To change it, reject it first.' : 'Correct it first: summaries edit.'} Nothing was changed.`,
      );
  }
}

function contentOf(body: Opened): object {
  if (body.kind !== 'text') return { unavailable: body.kind === 'broken' ? body.why : body.kind };
  return readSummary(body.text) ?? { unavailable: 'unreadable' };
}

function print(output: Output, summary: ShownSummary, zone: string): void {
  const { line, colours } = output;
  line(
    `${colours.bold(`Summary ${shortId(summary.id)}`)}, version ${summary.version}: ${summary.state}, written by ${writers[summary.source]}`,
  );
  line(`of the call ${shortId(summary.callId)} (${inZone(summary.startedAt, zone)}, ${summary.language})`);
  line();
  const content = summary.body.kind === 'text' ? readSummary(summary.body.text) : null;
  if (content === null) line(colours.yellow(unavailable[summary.body.kind]));
  else for (const text of printed(content)) line(text);
  line();
  for (const step of summary.steps)
    line(
      colours.dim(
        `${inZone(step.at, zone)}  version ${step.version} ${step.step} by ${step.staffId === null ? 'Sanad or the local operator' : shortId(step.staffId)}`,
      ),
    );
  line(colours.dim('Earlier versions with their words: --json. Your reason is in the audit.'));
}

const unavailable: Readonly<Record<Opened['kind'], string>> = {
  text: 'It cannot be read.',
  removed: 'Its words were removed with those of the call.',
  erased: 'The caller was erased.',
  broken: 'It was changed by somebody and cannot be trusted: npm run sanad -- audit verify',
};

function printed(summary: Summary): readonly string[] {
  const none = '–';
  return [
    'Brought by',
    `  ${summary.broughtBy}`,
    'Tried',
    ...(summary.tried.length === 0 ? [`  ${none}`] : summary.tried.map((each) => `  • ${each}`)),
    'Techniques',
    `  ${summary.techniques.length === 0 ? none : summary.techniques.join(', ')}`,
    'Course of danger',
    `  ${summary.riskCourse}`,
    'Next step',
    `  ${summary.nextStep ?? none}`,
    'Until next time',
    `  ${summary.homework ?? none}`,
  ];
}
