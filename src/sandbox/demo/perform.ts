import type { ObservedStep } from '../../session/ports.ts';
import type { TurnRecord } from '../../store/records.ts';
import type { CallerLine, Delivery } from '../carrier/caller.ts';
import type { CallReport } from '../carrier/report.ts';
import { measure, type Measures } from './measure.ts';
import { Scene, type Block, type Seen } from './scene.ts';
import type { Play, Scenario } from './scenario.ts';
import { clipOf, phraseOf } from './sounds.ts';
import { callerNumber, personNumber, type Stage } from './stage.ts';
import type { SanadOptions } from '../../main.ts';

/** What is left of a performed call. */
export interface Performance {
  readonly report: CallReport;
  readonly steps: readonly ObservedStep[];
  readonly turns: readonly TurnRecord[];
  /** Everything that was shown, in that order. */
  readonly shown: readonly Block[];
  readonly measures: Measures;
}

/** Watches one call from every side, and tells `show` what there is to be seen. */
export class Audience {
  readonly steps: ObservedStep[] = [];
  readonly turns: TurnRecord[] = [];
  readonly shown: Block[] = [];
  readonly #scene = new Scene();
  readonly #show: (done: readonly Block[], live: readonly Block[]) => void;
  #originMs: number | null = null;

  constructor(show: (done: readonly Block[], live: readonly Block[]) => void) {
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
      if (entry.type === 'bridged') bridge();
      audience.see({ type: 'carrier', atMs: audience.nowMs(), entry });
    },
  });
  onPlaced(placed.hangUp);
  const report = await placed.ended;
  audience.end();
  const { steps, turns, shown } = audience;
  return { report, steps, turns, shown, measures: measure(report) };
}

/** As quiet as the noise of a line is: it lies about 55 dB below full scale, and is made louder by this. */
const bedGainDb = 0;
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
    bridged: () => bridging,
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
    replaceServer,
  };
}
