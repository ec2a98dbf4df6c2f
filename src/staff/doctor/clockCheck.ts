import { systemClock, type Clock } from '../../clock.ts';
import { defineCheck } from './check.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';

/** Signatures, tokens and certificates depend on the time; so do the records. */
const skewAtMostMs = 5_000;

const fix = 'Let the machine keep its time (timedatectl set-ntp true, or chrony).';

/** Asks the providers that are set up and nobody else. Without keys: any answer has the time. */
export const clockCheck = defineCheck({
  rows: ['clock'],
  uses: [
    'TWILIO_ACCOUNT_SID',
    'TWILIO_API_BASE_URL',
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_BASE_URL',
  ],
  late: { state: 'warning', fix },
  run: async (settings, { report, timeoutMs }) => {
    const { TWILIO_API_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL } = settings;
    const addresses = [TWILIO_API_BASE_URL ?? 'https://api.twilio.com'];
    if (OPENAI_API_KEY !== undefined) addresses.push(OPENAI_BASE_URL ?? 'https://api.openai.com');
    if (ANTHROPIC_API_KEY !== undefined) addresses.push(ANTHROPIC_BASE_URL ?? 'https://api.anthropic.com');
    const asked = await Promise.all(addresses.map((url) => clockSkew(new URL(url).origin, timeoutMs)));
    report('clock', clockFinding(asked.filter((skew) => skew !== null)));
  },
});

/** `skewsMs`: how far this machine is ahead of each server that said its time. One of them alone may be wrong. */
export function clockFinding(skewsMs: readonly number[]): Finding {
  const middle = [...skewsMs].sort((a, b) => a - b)[Math.floor((skewsMs.length - 1) / 2)];
  if (middle === undefined) return skipped('nobody said what time it is');
  const seconds = Math.round(Math.abs(middle) / 1_000);
  if (Math.abs(middle) <= skewAtMostMs) return ok(`within ${Math.max(1, seconds)} s of the providers`);
  return warning(`${seconds} s ${middle > 0 ? 'ahead of' : 'behind'} the providers`, fix);
}

/** Milliseconds, to a second; null when no usable answer came. */
export async function clockSkew(origin: string, timeoutMs: number, clock: Clock = systemClock): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const askedAt = clock.wall().getTime();
    const answer = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal });
    const answeredAt = clock.wall().getTime();
    const theirs = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return null;
    // The header leaves the fraction of a second out, so on the average it is half a second old.
    return (askedAt + answeredAt) / 2 - (theirs + 500);
  } catch {
    return null;
  }
}
