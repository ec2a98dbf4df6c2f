import { profileShape } from '../../summary/summary.ts';
import { readProfile, setProfile } from '../../store/clinicianProfiles.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { misused, type Outcome } from '../outcome.ts';
import { readJsonFile } from './jsonFile.ts';

export async function showProfile(access: StaffAccess): Promise<Outcome> {
  access.demand('seeReports');
  const { database, organisationId } = access;
  const profile = await database.within(organisationId, (tx) => readProfile(tx, organisationId));
  return {
    kind: 'done',
    json: profile,
    print: ({ line, colours }) => {
      line(`${colours.bold('Approach')}  ${profile.approach}`);
      line(`${colours.bold('Tone')}      ${profile.tone}`);
      line(`${colours.bold('Length')}    at most ${profile.words} words in each part`);
      for (const { say, insteadOf } of profile.preferred) line(`${colours.bold('Say')}       ${say}, not ${insteadOf}`);
      line(`${colours.bold('Examples')}  ${profile.examples.length}`);
    },
  };
}

export async function setProfileFrom(access: StaffAccess, file: string): Promise<Outcome> {
  access.demand('approveSummaries');
  const read = readJsonFile(file);
  if ('kind' in read) return read;
  const profile = profileShape.safeParse(read.value);
  if (!profile.success) {
    const faults = profile.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the whole'}: ${message}`);
    return misused('wrongProfile', `${file} is no profile:\n${faults.join('\n')}\nNothing was changed.`);
  }
  const { database, organisationId, actor } = access;
  await database.within(organisationId, async (tx) => {
    await setProfile(tx, organisationId, profile.data, actor.id);
    await access.noteIn(tx, 'profileChanged', { kind: 'setting', id: 'clinicianProfile' });
  });
  return {
    kind: 'done',
    json: profile.data,
    print: ({ line }) => line('Summaries are written by this profile from now on.'),
  };
}
