import { InvalidArgumentError } from 'commander';
import { roleNames, roles, type Role } from '../access/rights.ts';

/** Readers of what is typed after an option; each refuses with what would be right. */

export function readLogin(text: string): string {
  const login = text.trim().toLowerCase();
  if (/^[a-z0-9][a-z0-9._@-]{1,63}$/.test(login)) return login;
  throw new InvalidArgumentError(
    'It is 2 to 64 letters a to z, digits, dots, hyphens or @, for example aisha or aisha@example.om.',
  );
}

const longestName = 80;

export function readName(text: string): string {
  const name = text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (/\p{L}/u.test(name) && name.length <= longestName) return name;
  throw new InvalidArgumentError(`It is a name of 1 to ${longestName} characters with letters in it.`);
}

/** `supervisor,clinician`; hyphens and case do not matter: `data-officer` is `dataOfficer`. */
export function readRoles(text: string): readonly Role[] {
  const found = text.split(',').map((each) => {
    const wanted = each.replace(/[\s_-]/g, '').toLowerCase();
    const role = roles.find((known) => known.toLowerCase() === wanted || plain(roleNames[known]) === wanted);
    if (role !== undefined) return role;
    throw new InvalidArgumentError(
      `"${each.trim()}" is no role. They are: ${roles.join(', ')}; several with commas between.`,
    );
  });
  return roles.filter((role) => found.includes(role));
}

function plain(name: string): string {
  return name.replaceAll(' ', '');
}

export function readYesNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError('It is yes or no.');
}
