import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  randomFillSync,
  type KeyObject,
} from 'node:crypto';

/**
 * Sealing: AES-256-GCM under a key of the caller (or of the call, when the number is withheld), which is itself kept
 * wrapped by the data key. A sealed value is bound to its place, so that it opens nowhere else.
 *
 *   value:       1 byte version | 12 bytes nonce | 16 bytes tag | ciphertext
 *   wrapped key: 1 byte version | 4 bytes id of the data key | 12 bytes nonce | 16 bytes tag | 32 bytes
 *
 * Nonces are random: under one caller's key 2^32 values may be sealed before a repetition becomes thinkable
 * (NIST SP 800-38D §8.3); a caller would need about a million calls.
 */

/** Where a sealed value stands: it is refused in any other table, column or row. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** A key that seals values. Printing or logging it shows nothing. */
export interface SealingKey {
  readonly secret: KeyObject;
}

export interface WrappedKey {
  readonly wrapped: Buffer;
  /** Which data key wrapped it: 8 hex digits. */
  readonly dataKeyId: string;
}

export type BrokenReason =
  /** Too short, or of a version that this code does not know. */
  | 'malformed'
  /** Wrapped by a data key that is neither `DATA_KEY` nor `DATA_KEY_PREVIOUS`. */
  | 'unknownDataKey'
  /** Changed, moved from another place, or sealed by another key. */
  | 'tampered';

/** A sealed value that must not be trusted. Names its place, never its content. */
export class SealBroken extends Error {
  readonly reason: BrokenReason;
  readonly place: Place;
  constructor(reason: BrokenReason, place: Place) {
    super(`sealed value in ${place.table}.${place.column} of ${place.row} is ${reason}`);
    this.name = 'SealBroken';
    this.reason = reason;
    this.place = place;
  }
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const keyIdBytes = 4;

export function seal(key: SealingKey, place: Place, text: string): Buffer {
  return encrypt(key.secret, Buffer.of(version), place, Buffer.from(text, 'utf8'));
}

/** The text that was sealed in this place; throws `SealBroken` when that is not certain. */
export function open(key: SealingKey, place: Place, sealed: Uint8Array): string {
  return decrypt(key.secret, 1, place, bytes(sealed)).toString('utf8');
}

/** HMAC-SHA256 of a telephone number (E.164), for the look-up of its caller in one organisation. 32 bytes. */
export function phoneHmac(lookup: SealingKey, number: string): Buffer {
  return createHmac('sha256', lookup.secret).update(number, 'utf8').digest();
}

/** Wraps and unwraps keys with `DATA_KEY`; unwraps also those that `DATA_KEY_PREVIOUS` wrapped. */
export interface KeyKeeper {
  readonly dataKeyId: string;
  readonly create: (place: Place) => WrappedKey & { readonly key: SealingKey };
  /** Throws `SealBroken`. */
  readonly unwrap: (wrapped: Uint8Array, place: Place) => SealingKey;
  /** The same key wrapped by the present data key; throws `SealBroken`. */
  readonly rewrap: (wrapped: Uint8Array, place: Place) => WrappedKey;
}

interface DataKey {
  readonly id: Buffer;
  readonly secret: KeyObject;
}

/** `dataKey` and `previous`: 32 bytes in base64, as the settings check them. */
export function createKeyKeeper(dataKey: string, previous?: string): KeyKeeper {
  const present = readDataKey(dataKey);
  const known = previous === undefined ? [present] : [present, readDataKey(previous)];
  const dataKeyId = present.id.toString('hex');
  const wrap = (raw: Buffer, place: Place): WrappedKey => {
    const header = Buffer.concat([Buffer.of(version), present.id]);
    return { wrapped: encrypt(present.secret, header, place, raw), dataKeyId };
  };
  const unwrapRaw = (wrapped: Uint8Array, place: Place): Buffer => {
    const all = bytes(wrapped);
    const id = all.subarray(1, 1 + keyIdBytes);
    const wrapper = known.find((candidate) => candidate.id.equals(id));
    if (all.length !== 1 + keyIdBytes + nonceBytes + tagBytes + keyBytes) throw new SealBroken('malformed', place);
    if (!wrapper) throw new SealBroken('unknownDataKey', place);
    return decrypt(wrapper.secret, 1 + keyIdBytes, place, all);
  };
  return {
    dataKeyId,
    create: (place) => {
      const raw = randomBytes(keyBytes);
      return { ...wrap(raw, place), key: { secret: createSecretKey(raw) } };
    },
    unwrap: (wrapped, place) => ({ secret: createSecretKey(unwrapRaw(wrapped, place)) }),
    rewrap: (wrapped, place) => wrap(unwrapRaw(wrapped, place), place),
  };
}

/** The data key itself encrypts nothing: it yields a wrapping key, and an id that tells nothing about it. */
function readDataKey(base64: string): DataKey {
  const raw = Buffer.from(base64, 'base64');
  if (raw.length !== keyBytes) throw new RangeError('a data key has 32 bytes');
  const derive = (purpose: string, length: number) => Buffer.from(hkdfSync('sha256', raw, '', purpose, length));
  return { id: derive('sanad/key-id/1', keyIdBytes), secret: createSecretKey(derive('sanad/wrap/1', keyBytes)) };
}

function encrypt(secret: KeyObject, header: Buffer, place: Place, plain: Buffer): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(associated(header, place));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

function decrypt(secret: KeyObject, headerBytes: number, place: Place, all: Buffer): Buffer {
  const start = headerBytes + nonceBytes + tagBytes;
  if (all.length < start || all[0] !== version) throw new SealBroken('malformed', place);
  const decipher = createDecipheriv('aes-256-gcm', secret, all.subarray(headerBytes, headerBytes + nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(associated(all.subarray(0, headerBytes), place));
  decipher.setAuthTag(all.subarray(headerBytes + nonceBytes, start));
  const plain = decipher.update(all.subarray(start));
  try {
    decipher.final();
  } catch {
    throw new SealBroken('tampered', place);
  }
  return plain;
}

/** Table and column are identifiers and hold no separator, so two places never give the same bytes. */
function associated(header: Buffer, place: Place): Buffer {
  return Buffer.concat([header, Buffer.from(`${place.table}.${place.column}#${place.row}`, 'utf8')]);
}

function bytes(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value);
}

/** Nonces are drawn from the system in blocks: one system call for each would cost as much as the sealing. */
const nonces = Buffer.alloc(nonceBytes * 256);
let nextOffset = nonces.length;

function nextNonce(): Buffer {
  if (nextOffset === nonces.length) {
    randomFillSync(nonces);
    nextOffset = 0;
  }
  const nonce = Buffer.from(nonces.subarray(nextOffset, nextOffset + nonceBytes));
  nextOffset += nonceBytes;
  return nonce;
}
