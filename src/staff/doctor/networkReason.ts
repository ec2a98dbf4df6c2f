import { z } from 'zod';

const coded = z.object({ code: z.string() });

/** The system's or the protocol's code of an error, also of the one behind it (fetch wraps them); null when it has none. */
export function codeOf(error: unknown): string | null {
  const own = coded.safeParse(error);
  if (own.success) return own.data.code;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : null;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name of the host does not resolve',
  EAI_AGAIN: 'no name server answers',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (is the clock right?)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes without those between it and the root',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
};

/** Plain words for a code; the code itself when there are none for it. */
export function reasonOf(code: string): string {
  return reasons[code] ?? code;
}

/** True for what is wrong with the certificate, and not with the way to its server. */
export function isAboutTls(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(code);
}
