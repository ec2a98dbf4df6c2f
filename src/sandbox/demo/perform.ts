import type { ObservedStep } from '../../session/ports.ts';
import type { TurnRecord } from '../../store/records.ts';
import type { CallerLine, Delivery } from '../carrier/caller.ts';
import type { LegIdentity } from '../carrier/leg.ts';
import type { LegReport } from '../carrier/legLog.ts';
import type { CallReport, TimelineEntry } from '../carrier/report.ts';
import type { WhoseNumbers } from './legBlocks.ts';
import { measure, type Measures } from './measure.ts';
import type { KeptRecord } from './record.ts';
import { lastResortName, type DemoPerson } from './rota.ts';
import type { Block } from './block.ts';
import { performAfterwards } from './afterwards.ts';
import { Scene, type Seen } from './scene.ts';
import type { Play, Scenario } from './scenario.ts';
import { clipOf, phraseOf } from './sounds.ts';
import { callerNumber, ownNumber, personNumber } from './numbers.ts';
import type { Stage } from './stage.ts';
import type { SanadOptions } from '../../main.ts';

/** What is left of a performed call. */
export interface Performance {
  readonly report: CallReport;
  readonly legs: readonly LegReport[];
  readonly steps: readonly ObservedStep[];
  readonly turns: readonly TurnRecord[];
  /** Everything that was shown, in that order. */
  readonly shown: readonly Block[];
  readonly measures: Measures;
  readonly kept: KeptRecord;
}

/** Watches one call from every side, and tells `show` what there is to be seen. */
export class Audience {
  readonly steps: ObservedStep[] = [];
  readonly turns: TurnRecord[] = [];
  readonly shown: Block[] = [];
  readonly #scene: Scene;
  readonly #show: (done: readonly Block[], live: readonly Block[]) => void;
  #originMs: number | null = null;

  /** @param onCall whose telephones may ring */
  constructor(onCall: readonly DemoPerson[], show: (done: readonly Block[], live: readonly Block[]) => void) {
    this.#scene = new Scene(whoseNumbers(onCall));
    this.#show = show;
  }

  /** The call's own clock, so that times of the application and of the caller stand on one line. */
  nowMs(): number {
    return this.#originMs === null ? 0 : performance.now() - this.#originMs;
  }

  readonly ears: Required<Pick<SanadOptions, 'observe' | 'observeRecord' | 'observeFailure'>> = {
    observe: (_callId, step) => {
      this.#originMs ??= performance.now() - step.at;
      this.steps.push(step);
      this.see({ type: 'step', step });
    },
    observeRecord: (record) => {
      if (record.type !== 'turn') return;
      this.turns.push(record);
      this.see({ type: 'record', record });
    },
    observeFailure: (provider, fault) => {
      // Fixed lines are prepared before any call; what fails then is not this call's.
      if (this.#originMs !== null) this.see({ type: 'failure', atMs: this.nowMs(), provider, fault });
    },
  };

  /** On the telephone of somebody who was rung; the caller's own is watched where the call is placed. */
  readonly onLeg = (leg: LegIdentity, entry: TimelineEntry): void => {
    if (this.#originMs === null || leg.to === ownNumber) return;
    this.see({ type: 'leg', atMs: this.nowMs(), to: leg.to, entry });
  };

  see(seen: Seen): void {
    this.#tell(this.#scene.take(seen));
  }

  /** The call is over: what was never finished is shown as it is. */
  end(): void {
    this.#tell(this.#scene.end());
  }

  #tell(done: readonly Block[]): void {
    this.shown.push(...done);
    this.#show(done, this.#scene.live());
  }
}

function whoseNumbers(onCall: readonly DemoPerson[]): WhoseNumbers {
  return new Map([
    ...onCall.map(({ number, name }) => [number, name] as const),
    [personNumber, lastResortName],
    [callerNumber, 'the caller'],
  ]);
}

/** Places the scenario's call and waits for its end. `onPlaced` gets the means to end it early. */
export async function perform(
  scenario: Scenario,
  stage: Stage,
  audience: Audience,
  onPlaced: (hangUp: () => void) => void = () => {},
): Promise<Performance> {
  const { carrier } = stage;
  let bridge = (): void => {};
  const bridging = new Promise<void>((resolve) => {
    bridge = resolve;
  });
  const placed = carrier.placeCall({
    from: callerNumber,
    caller: (line) => scenario.caller(playOf(line, stage, audience, bridging)),
    onEntry: (entry) => {
      if (entry.type === 'bridged' || (entry.type === 'conference' && entry.event === 'conference-start')) bridge();
      audience.see({ type: 'carrier', atMs: audience.nowMs(), entry });
    },
  });
  onPlaced(placed.hangUp);
  const report = await placed.ended;
  audience.end();
  await performAfterwards(scenario, stage, audience);
  // What the call's end brings about is written in its wake.
  if (wasEscalated(audience.steps)) await new Promise<void>((resolve) => setTimeout(resolve, afterwardsMs));
  const kept = await stage.records.kept();
  const { steps, turns, shown } = audience;
  return { report, legs: carrier.legs(), steps, turns, shown, measures: measure(report), kept };
}

const afterwardsMs = 1_500;

function wasEscalated(steps: readonly ObservedStep[]): boolean {
  return steps.some(({ effects }) => effects.some(({ type }) => type === 'escalate'));
}

/** As quiet as the noise of a line is: it lies about 55 dB below full scale, and is made louder by this. */
const bedGainDb = 0;
const longestBridgeMs = 90_000;
/** People let a moment pass before they answer. */
const politeMs = 700;

function playOf(
  line: CallerLine,
  { carrier, control, sounds, replaceServer }: Stage,
  audience: Audience,
  bridging: Promise<void>,
): Play {
  const aside = (text: string): void => audience.see({ type: 'aside', atMs: audience.nowMs(), text });
  const phrase = (id: string): Uint8Array => phraseOf(sounds, id);
  const say = (id: string): Promise<void> => line.say(phrase(id));
  const untilQuiet = async (): Promise<void> => {
    await line.listenUntilQuiet({ ms: politeMs });
  };
  line.noiseBed(clipOf(sounds.noises, 'line-noise'), bedGainDb);
  return {
    line,
    aside,
    control,
    phrase,
    noise: (name) => clipOf(sounds.noises, name),
    voice: (name) => clipOf(sounds.voices, name),
    // Nobody waits for ever: a scenario in which nobody comes goes on, and fails by what it demands.
    bridged: () => Promise.race([bridging, line.silence(longestBridgeMs)]),
    say,
    untilQuiet,
    answer: async (id) => {
      await untilQuiet();
      await say(id);
    },
    sayOver: (id, afterMs) => line.sayOver(phrase(id), { afterMs }),
    soundOver: async ({ mulaw, afterMs, as, ...delivery }) => {
      await line.hears({ atLeastMs: afterMs });
      aside(as);
      await line.say(mulaw, delivery satisfies Delivery);
    },
    setPhone: (callee) => carrier.setPhone(personNumber, callee),
    setPhoneOf: (number, callee) => carrier.setPhone(number, callee),
    replaceServer,
  };
}
