import { fingerprintOf, templates, type TemplateId } from '../followUp/templates.ts';
import type { Transaction } from './database.ts';
import { readCount, run } from './rows.ts';

/** A template that a person has approved once may go out without each message being looked at: reminders, nothing else. */

/** False: it was approved with these words already. `by`: null is the local operator. */
export async function approveTemplate(
  tx: Transaction,
  organisationId: string,
  id: TemplateId,
  { by, at }: { readonly by: string | null; readonly at: Date },
): Promise<boolean> {
  const result = await run(
    tx,
    `insert into template_approvals (organisation_id, template, fingerprint, approved_by, approved_at) values (?, ?, ?, ?, ?)
     on conflict (organisation_id, template, fingerprint) do update
       set approved_by = excluded.approved_by, approved_at = excluded.approved_at, withdrawn_at = null
       where template_approvals.withdrawn_at is not null`,
    [organisationId, id, fingerprintOf(id), by, at],
  );
  return readCount(result) === 1;
}

/** Of all its words, those of before too. False: none stood. */
export async function withdrawTemplate(tx: Transaction, id: TemplateId, at: Date): Promise<boolean> {
  const result = await run(
    tx,
    'update template_approvals set withdrawn_at = ? where template = ? and withdrawn_at is null',
    [at, id],
  );
  return readCount(result) > 0;
}

/** With the words it has now. Only templates that may serve unseen ever are. */
export async function isTemplateApproved(tx: Transaction, id: TemplateId): Promise<boolean> {
  if (!templates[id].mayServeUnseen) return false;
  const result = await run(
    tx,
    'select 1 from template_approvals where template = ? and fingerprint = ? and withdrawn_at is null',
    [id, fingerprintOf(id)],
  );
  return readCount(result) > 0;
}
