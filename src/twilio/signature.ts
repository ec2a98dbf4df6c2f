/**
 * `X-Twilio-Signature`: is this request the carrier's? The URL that was signed is built from `PUBLIC_URL` and the raw path
 * and query, never from a header, which anybody can send. The algorithm itself is the SDK's (twilio.md §3).
 */
import { createHash } from 'node:crypto';
import twilio from 'twilio';

export type SignedBody =
  | { readonly kind: 'none' }
  /** Decoded form parameters; a repeated name has all its values. */
  | { readonly kind: 'form'; readonly parameters: FormParameters }
  /** Anything else: signed by its hash in `?bodySHA256=`. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

export type FormParameters = Readonly<Record<string, readonly string[]>>;

export type SignatureVerdict = 'valid' | 'missing' | 'wrong';

export interface SignatureCheck {
  /**
   * @param signature the header's value
   * @param rawUrl path and query exactly as they came, beginning with `/`
   */
  readonly ofRequest: (signature: string | undefined, rawUrl: string, body: SignedBody) => SignatureVerdict;
  /** The same for the upgrade of a socket. */
  readonly ofSocket: (signature: string | undefined, rawUrl: string) => SignatureVerdict;
}

/** @param publicUrl the origin that the carrier sees, `https://host` or `http://host:port`, without a path */
export function createSignatureCheck(settings: {
  readonly authToken: string;
  readonly publicUrl: string;
}): SignatureCheck {
  const { authToken, publicUrl } = settings;
  const socketOrigin = publicUrl.replace(/^http/, 'ws');

  const validFor = (signature: string, url: string, parameters: FormParameters): boolean =>
    URL.canParse(url) && twilio.validateRequest(authToken, signature, url, parameters);

  return {
    ofRequest: (signature, rawUrl, body) => {
      if (signature === undefined || signature === '') return 'missing';
      if (!rawUrl.startsWith('/')) return 'wrong';
      const url = publicUrl + rawUrl;
      if (body.kind === 'raw' && !hashMatches(url, body.bytes)) return 'wrong';
      return validFor(signature, url, body.kind === 'form' ? body.parameters : {}) ? 'valid' : 'wrong';
    },
    ofSocket: (signature, rawUrl) => {
      if (signature === undefined || signature === '') return 'missing';
      if (!rawUrl.startsWith('/')) return 'wrong';
      const candidates = socketCandidates(socketOrigin, rawUrl);
      return candidates.some((url) => validFor(signature, url, {})) ? 'valid' : 'wrong';
    },
  };
}

/**
 * Twilio signs the stream's URL in one of four ways (twilio.md §1.8), and the SDK takes the port of `wss` for 80: so each
 * is tried by name. A public origin with a port of its own is signed with that port.
 */
function socketCandidates(socketOrigin: string, rawUrl: string): readonly string[] {
  const origins = new URL(socketOrigin).port === '' ? [socketOrigin, `${socketOrigin}:443`] : [socketOrigin];
  return origins.flatMap((origin) => [origin + rawUrl, `${origin}${rawUrl}/`]);
}

function hashMatches(url: string, bytes: Uint8Array): boolean {
  if (!URL.canParse(url)) return false;
  const hash = createHash('sha256').update(bytes).digest('hex');
  return new URL(url).searchParams.get('bodySHA256')?.toLowerCase() === hash;
}

/** Reads a form body as the signature sees it: nothing trimmed, empty values kept, every value of a repeated name. */
export function parseForm(body: string): FormParameters {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(body)) {
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(parameters);
}
