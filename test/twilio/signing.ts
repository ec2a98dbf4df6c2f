/** The carrier's side of the signature, written from its documentation, not with its SDK, so that both do not share a bug. */
import { createHmac } from 'node:crypto';

export type Parameters = readonly (readonly [string, string])[];

/** @returns the value of X-Twilio-Signature for this URL and these form parameters */
export function sign(token: string, url: string, parameters: Parameters = []): string {
  const unique = new Map(parameters.map(([name, value]) => [`${name}\u0000${value}`, { name, value }]));
  const inOrder = [...unique.values()].sort((a, b) => compareBytes(a.name, b.name) || compareBytes(a.value, b.value));
  const signed = url + inOrder.map(({ name, value }) => name + value).join('');
  return createHmac('sha1', token).update(signed, 'utf8').digest('base64');
}

/** A form body as the carrier posts it. */
export function encode(parameters: Parameters): string {
  const body = new URLSearchParams();
  for (const [name, value] of parameters) body.append(name, value);
  return body.toString();
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
