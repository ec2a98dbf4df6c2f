import type { listStaff } from '../../store/staff.ts';

/** How staff are named and found. */

export type Member = Awaited<ReturnType<typeof listStaff>>[number];

export type FoundMember =
  { readonly kind: 'found'; readonly member: Member } | { readonly kind: 'notFound'; readonly message: string };

/** What follows Arabic letters, such as a login in brackets, would else be turned around. */
const leftToRight = '\u200E';

export function shownMember(member: Member): string {
  if (member.kind === 'broken') return `entry ${member.id.slice(0, 8)} (cannot be opened: ${member.why})`;
  return `${member.name}${leftToRight} (${member.login})`;
}

const shortestId = 4;

/** By login, or by id or how it begins. */
export function findMember(staff: readonly Member[], words: string): FoundMember {
  const wanted = words.trim().toLowerCase();
  const byLogin = staff.filter((each) => each.kind === 'sound' && each.login === wanted);
  const byId = wanted.length >= shortestId ? staff.filter(({ id }) => id.startsWith(wanted)) : [];
  const [member, another] = byLogin.length > 0 ? byLogin : byId;
  if (member !== undefined && another === undefined) return { kind: 'found', member };
  const logins = staff.flatMap((each) => (each.kind === 'sound' ? [each.login] : [])).slice(0, 10);
  const known = logins.length === 0 ? 'There are no staff yet.' : `There are: ${logins.join(', ')}`;
  return {
    kind: 'notFound',
    message: another === undefined ? `Nobody has the login "${words}". ${known}` : `"${words}" fits several ids.`,
  };
}
