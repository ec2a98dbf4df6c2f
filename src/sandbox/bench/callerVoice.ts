import { audibleDbfs, levelDbfs } from '../carrier/levels.ts';
import { frameBytes, frameMs } from '../carrier/ticker.ts';

/** A frame this close to the loudest of its phrase is the middle of a vowel, for any judge of voice. */
const vowelDb = 12;

/**
 * The phrase with sharp edges: nothing before its first loud frame or after its last, digital silence then. Speech fades out
 * over some 100 ms, and two judges of voice would never agree on its last frame; the end of this one is beyond dispute, so that
 * what is measured from it is latency and no difference of opinion. μ-law, whole frames of 20 ms.
 */
export function withSharpEdges(mulaw: Uint8Array): Uint8Array {
  const frames = Math.floor(mulaw.length / frameBytes);
  const levels = Array.from({ length: frames }, (_zero, at) =>
    levelDbfs(mulaw.subarray(at * frameBytes, (at + 1) * frameBytes)),
  );
  const loud = Math.max(...levels, audibleDbfs) - vowelDb;
  const first = levels.findIndex((level) => level >= loud);
  const last = levels.findLastIndex((level) => level >= loud);
  if (first < 0) throw new RangeError('a phrase without a loud frame');
  return mulaw.slice(first * frameBytes, (last + 1) * frameBytes);
}

export function lengthMs(mulaw: Uint8Array): number {
  return (mulaw.length / frameBytes) * frameMs;
}
