import type { Audience } from './perform.ts';
import { callerNumber } from './numbers.ts';
import type { Afterwards, Scenario } from './scenario.ts';
import { clipOf, phraseOf } from './sounds.ts';
import type { DemoSummary } from './staff.ts';
import type { Stage } from './stage.ts';

/** The days after the call, in seconds: nothing waits, and everything else is as in life. */

const longestSummaryMs = 60_000;
const longestDeliveryMs = 30_000;
const longestBringingMs = 120_000;

export async function performAfterwards(scenario: Scenario, stage: Stage, audience: Audience): Promise<void> {
  if (scenario.afterwards === undefined || stage.staff === null) return;
  const { carrier, sounds, staff } = stage;
  const after: Afterwards = {
    staff,
    aside: (text) => audience.see({ type: 'aside', atMs: audience.nowMs(), text }),
    message: (whose, text) => audience.see({ type: 'message', atMs: audience.nowMs(), whose, text }),
    summary: async () => {
      let summary: DemoSummary | null = null;
      await until(
        'the summary of the call',
        longestSummaryMs,
        async () => (summary = await staff.approveSummary()) !== null,
      );
      if (summary === null) throw new Error('the summary of the call did not come');
      return summary;
    },
    write: async (body) => {
      const answer = await carrier.sendMessage({ from: callerNumber, body });
      if (answer.kind !== 'answered' || answer.status !== 200) throw new Error('the message was not taken in');
    },
    delivered: (body) =>
      until('the message to the caller', longestDeliveryMs, () =>
        carrier
          .messages()
          .some(
            ({ to, body: sent, statuses }) => to === callerNumber && sent === body && statuses.includes('delivered'),
          ),
      ),
    setPhoneOf: (number, callee) => carrier.setPhone(number, callee),
    phrase: (id) => phraseOf(sounds, id),
    voice: (name) => clipOf(sounds.voices, name),
    settled: () => until('the end of bringing a person', longestBringingMs, () => staff.isSettled()),
  };
  await scenario.afterwards(after);
}

async function until(what: string, withinMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await holds())) {
    if (performance.now() - from > withinMs) throw new Error(`${what} did not come`);
    await new Promise<void>((resolve) => setTimeout(resolve, 250));
  }
}
