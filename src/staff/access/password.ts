import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * Passwords as scrypt hashes (RFC 7914). 2^15, 8, 3 is one of the settings that OWASP's cheat sheet on storing passwords holds to
 * be equal, with the least memory (32 MiB); a guess costs about a quarter of a second of a core. The parameters are kept with
 * each hash, so that they can be raised.
 */
interface Cost {
  readonly log2n: number;
  readonly r: number;
  readonly p: number;
}

const presentCost: Cost = { log2n: 15, r: 8, p: 3 };
/** What a kept hash may ask for: 256 MiB and 16 rounds; more would be somebody's attempt to stop the machine. */
const mostCost = { log2n: 18, r: 8, p: 16 };
const saltBytes = 16;
const hashBytes = 32;

export const passwordLength = { least: 12, most: 200 };

/** Null: good. What is wrong with it otherwise, in a sentence that does not repeat it. */
export function faultOfPassword(password: string, login: string): string | null {
  const { length } = Array.from(password);
  if (length < passwordLength.least)
    return `The password has ${length} characters; it needs at least ${passwordLength.least}. Four words that do not belong together are good.`;
  if (length > passwordLength.most) return `The password is longer than ${passwordLength.most} characters.`;
  if (/\p{Cc}/u.test(password)) return 'The password has characters in it that cannot be typed again.';
  if (new Set(password.toLowerCase()).size < 5) return 'The password repeats the same few characters.';
  if (password.toLowerCase().includes(login.toLowerCase())) return 'The password has the login in it.';
  return null;
}

/** `scrypt$15$8$3$salt$hash`, the last two in base64. */
export async function hashPassword(password: string): Promise<string> {
  return print(presentCost, await saltedHash(password, randomBytes(saltBytes), presentCost));
}

export interface Verdict {
  readonly right: boolean;
  /** Right, but hashed with an older cost: hash it again. */
  readonly outdated: boolean;
}

/**
 * Takes as long for a hash that is not there (null: an unknown login) as for one that is. An unreadable hash is never right.
 */
export async function verifyPassword(password: string, kept: string | null): Promise<Verdict> {
  const parsed = kept === null ? null : parse(kept);
  const cost = parsed?.cost ?? presentCost;
  const { hash } = await saltedHash(password, parsed?.salt ?? Buffer.alloc(saltBytes), cost);
  const right = parsed !== null && timingSafeEqual(hash, parsed.hash);
  return { right, outdated: right && print(cost, parsed) !== print(presentCost, parsed) };
}

interface Salted {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The same password typed on another keyboard may come as other code points (NFKC makes them one). */
function saltedHash(password: string, salt: Buffer, { log2n, r, p }: Cost): Promise<Salted> {
  const options = { N: 2 ** log2n, r, p, maxmem: 160 * 2 ** log2n * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, hash) => {
      if (error) reject(error);
      else resolve({ salt, hash });
    });
  });
}

function print({ log2n, r, p }: Cost, { salt, hash }: Salted): string {
  return ['scrypt', log2n, r, p, salt.toString('base64'), hash.toString('base64')].join('$');
}

function parse(kept: string): (Salted & { readonly cost: Cost }) | null {
  const found = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/.exec(kept);
  if (found === null) return null;
  const [log2n, r, p] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const salt = Buffer.from(found[4] ?? '', 'base64');
  const hash = Buffer.from(found[5] ?? '', 'base64');
  const bearable = log2n >= 1 && log2n <= mostCost.log2n && r >= 1 && r <= mostCost.r && p >= 1 && p <= mostCost.p;
  return bearable && hash.length === hashBytes ? { cost: { log2n, r, p }, salt, hash } : null;
}
