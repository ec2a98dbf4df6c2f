/**
 * Twilio's request signature, written from its description and not taken from its SDK, so that the application (which
 * checks with the SDK) and this carrier cannot share one mistake.
 */
import { createHmac } from 'node:crypto';

/** Form parameters in the order sent; a name may come several times. */
export type FormParameters = readonly (readonly [name: string, value: string])[];

/**
 * `X-Twilio-Signature` for a request.
 * @param url exactly as it was configured or written in the document; the fragment is not signed.
 */
export function signRequest(authToken: string, url: string, parameters: FormParameters): string {
  const names = [...new Set(parameters.map(([name]) => name))].sort(byCodeUnit);
  let signed = url.replace(/#.*$/s, '');
  for (const name of names) {
    const values = new Set(parameters.filter(([other]) => other === name).map(([, value]) => value));
    for (const value of [...values].sort(byCodeUnit)) {
      signed += name + value;
    }
  }
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

/**
 * The forms of the stream's URL that are known to be signed (the documentation and live reports disagree), and a wrong one.
 */
export type StreamSignatureForm = 'plain' | 'trailing-slash' | 'port' | 'port-and-slash' | 'wrong';

/** @param url the `ws(s)` address of the stream, without a query. */
export function signStreamUpgrade(authToken: string, url: string, form: StreamSignatureForm): string {
  switch (form) {
    case 'plain':
      return signRequest(authToken, url, []);
    case 'trailing-slash':
      return signRequest(authToken, `${url}/`, []);
    case 'port':
      return signRequest(authToken, withPort(url), []);
    case 'port-and-slash':
      return signRequest(authToken, `${withPort(url)}/`, []);
    case 'wrong':
      return signRequest(`not ${authToken}`, url, []);
  }
}

function withPort(url: string): string {
  return url.replace(/^(wss?):\/\/([^/:]+)(?=\/|$)/, (_whole, scheme: string, host: string) => {
    return `${scheme}://${host}:${scheme === 'wss' ? 443 : 80}`;
  });
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
