import { readFileSync } from 'node:fs';
import { isTemplateId, messageLanguages, templates, wordsOf } from '../../followUp/templates.ts';
import { contactHoursSchema, type ContactHours } from '../../followUp/quietHours.ts';
import { segmentsOf } from '../../followUp/segments.ts';
import { readContactHours, setContactHours } from '../../store/contactHours.ts';
import { approveTemplate, isTemplateApproved, withdrawTemplate } from '../../store/templateApprovals.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { fileFault } from '../draftFile.ts';
import { misused, refused, type Outcome } from '../outcome.ts';

/** Hours and templates: what holds for all messages. */

export async function hours(access: StaffAccess, file: string | undefined): Promise<Outcome> {
  if (file === undefined) {
    access.demand('approveMessages');
    return shown(
      await access.database.within(access.organisationId, (tx) => readContactHours(tx, access.organisationId)),
    );
  }
  access.demand('changeSettings');
  const read = readHours(file);
  if ('outcome' in read) return read.outcome;
  await access.database.within(access.organisationId, async (tx) => {
    await setContactHours(tx, access.organisationId, read.hours, access.actor.id);
    await access.noteIn(tx, 'settingChanged', { kind: 'setting', id: 'followUps.hours' });
  });
  return shown(read.hours);
}

const largestFile = 10_000;

function readHours(file: string): { readonly hours: ContactHours } | { readonly outcome: Outcome } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8').slice(0, largestFile));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON' : fileFault(error);
    if (why === null) throw error;
    return { outcome: refused('file', `${file} cannot be read: ${why}.`) };
  }
  const parsed = contactHoursSchema.safeParse(value);
  if (parsed.success) return { hours: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  return {
    outcome: misused('wrongHours', `${file}: ${faults.join('; ')}. Nothing was changed. Example: docs/follow-ups.md`),
  };
}

function shown(set: ContactHours): Outcome {
  const text = (windows: ContactHours['usual']): string => windows.map(({ from, to }) => `${from}–${to}`).join(', ');
  return {
    kind: 'done',
    json: set,
    print: ({ line }) => {
      line(`Callers are contacted (${set.zone}):`);
      line(`  usually  ${text(set.usual)}`);
      line(`  Fridays  ${text(set.friday)}`);
      line(
        set.ramadan === null
          ? '  Ramadan  not set: the hours above hold'
          : `  Ramadan  ${text(set.ramadan.hours)}, from ${set.ramadan.first} to ${set.ramadan.last}`,
      );
    },
  };
}

export async function listTemplates(access: StaffAccess): Promise<Outcome> {
  access.demand('approveMessages');
  return access.database.within(access.organisationId, async (tx) => {
    const listed: { id: string; mayServeUnseen: boolean; approved: boolean; words: Record<string, string> }[] = [];
    for (const { id, mayServeUnseen } of Object.values(templates)) {
      const words = Object.fromEntries(messageLanguages.map((language) => [language, wordsOf(id, { language })]));
      listed.push({ id, mayServeUnseen, approved: await isTemplateApproved(tx, id), words });
    }
    return {
      kind: 'done',
      json: { templates: listed },
      print: ({ line, colours }) => {
        for (const { id, mayServeUnseen, approved, words } of listed) {
          const standing = approved ? 'approved for use unseen' : 'may be approved for use unseen';
          line(`${colours.bold(id)}${mayServeUnseen ? `  ${standing}` : ''}`);
          for (const [language, text] of Object.entries(words))
            line(`  ${language.padEnd(6)} ${segmentsOf(text).segments}  ${text}`);
        }
      },
    };
  });
}

export async function decideTemplate(
  access: StaffAccess,
  id: string,
  decision: 'approve' | 'withdraw',
  now: Date,
): Promise<Outcome> {
  access.demand('approveMessages');
  if (!isTemplateId(id)) return misused('wrongTemplate', `There is no template "${id}". See: follow-ups templates`);
  if (decision === 'approve' && !templates[id].mayServeUnseen)
    return refused('eachIsApproved', `Messages of ${id} are approved one by one. Only reminders may go out unseen.`);
  return access.database.within(access.organisationId, async (tx) => {
    const by = access.actor.id;
    const changed =
      decision === 'approve'
        ? await approveTemplate(tx, access.organisationId, id, { by, at: now })
        : await withdrawTemplate(tx, id, now);
    if (!changed)
      return refused('nothing', decision === 'approve' ? `${id} is approved already.` : `${id} is not approved.`);
    await access.noteIn(tx, decision === 'approve' ? 'templateApproved' : 'templateWithdrawn', { kind: 'message', id });
    return {
      kind: 'done',
      json: { template: id, approved: decision === 'approve' },
      print: ({ line }) =>
        line(
          decision === 'approve'
            ? `Approved: ${id}. ${messageLanguages.map((language) => `\n  ${wordsOf(id, { language })}`).join('')}`
            : `Withdrawn: ${id}. Each of its messages waits for a person again.`,
        ),
    };
  });
}
