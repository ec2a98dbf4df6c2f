import { z } from 'zod';
import { profileShape, usualProfile, type ClinicianProfile } from '../summary/summary.ts';
import type { Transaction } from './database.ts';
import { readRows, run } from './rows.ts';

/** How the responsible clinician of an organisation wants summaries written. */

/** That of the organisation, or the usual one; what no longer reads as one counts as not set. */
export async function readProfile(tx: Transaction, organisationId: string): Promise<ClinicianProfile> {
  const result = await run(tx, 'select profile from clinician_profiles where organisation_id = ?', [organisationId]);
  const read = profileShape.safeParse(readRows(z.object({ profile: z.unknown() }), result)[0]?.profile);
  return read.success ? read.data : usualProfile;
}

export async function setProfile(
  tx: Transaction,
  organisationId: string,
  profile: ClinicianProfile,
  by: string | null,
): Promise<void> {
  await run(
    tx,
    `insert into clinician_profiles (organisation_id, profile, changed_by) values (?, ?::jsonb, ?)
     on conflict (organisation_id) do update set profile = excluded.profile, changed_at = now(), changed_by = excluded.changed_by`,
    [organisationId, JSON.stringify(profile), by],
  );
}
