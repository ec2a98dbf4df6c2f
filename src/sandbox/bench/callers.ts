import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readWav } from '../../audio/wav.ts';
import { loadPhrases } from '../azureSpeech/phraseMatcher.ts';
import { startCarrier, type Carrier } from '../carrier/carrier.ts';
import { seededRandom } from '../carrier/delayLine.ts';
import type { CallReport } from '../carrier/report.ts';
import { benchCaller } from './callerScript.ts';
import { withSharpEdges } from './callerVoice.ts';
import { serveBench } from './channel.ts';
import { Probe } from './probe.ts';
import { turnShape, turnsOf } from './turns.ts';

/** The process of the callers: a sandbox carrier and as many scripts as are asked for. Started by `forkChild`. */

export const callersOptions = z.object({
  accountSid: z.string(),
  authToken: z.string(),
  phoneNumber: z.string(),
  serverUrl: z.string(),
  /** Folder of phrases and noises. */
  audio: z.string(),
  phrases: z.array(z.string()).min(1),
  interruption: z.string(),
  bargeInEvery: z.int().min(2),
  /** The sandbox's reply when it is heard whole. */
  replyMs: z.number().positive(),
});

export const callsShape = z.object({
  turns: z.array(turnShape),
  calls: z.int(),
  /** Anything that should not have happened on a call, once for each kind, with how often. */
  faults: z.record(z.string(), z.int()),
});

export type CallsMeasured = z.infer<typeof callsShape>;

interface Placed {
  answeredAt: number;
  greeted: boolean;
  readonly ended: Promise<CallReport>;
}

const betweenCallsMs = 150;

class Callers {
  readonly #options: z.infer<typeof callersOptions>;
  readonly #carrier: Carrier;
  readonly #phrases: readonly Uint8Array[];
  readonly #interruption: Uint8Array;
  readonly #noise: Uint8Array;
  readonly #placed: Placed[] = [];
  #over = false;
  #windowAt: readonly [number, number] = [Infinity, Infinity];

  constructor(
    options: z.infer<typeof callersOptions>,
    carrier: Carrier,
    audio: { readonly phrases: readonly Uint8Array[]; readonly interruption: Uint8Array; readonly noise: Uint8Array },
  ) {
    this.#options = options;
    this.#carrier = carrier;
    this.#phrases = audio.phrases;
    this.#interruption = audio.interruption;
    this.#noise = audio.noise;
  }

  async place(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      this.#place();
      await new Promise((resolve) => setTimeout(resolve, betweenCallsMs));
    }
  }

  #place(): void {
    const index = this.#placed.length;
    const caller = benchCaller({
      phrases: this.#phrases,
      interruption: this.#interruption,
      bargeInEvery: this.#options.bargeInEvery,
      noise: this.#noise,
      index,
      random: seededRandom(index + 1),
      isOver: () => this.#over,
      onGreeted: () => (placed.greeted = true),
    });
    const from = `+9689${String(1_000_000 + index)}`;
    const { ended } = this.#carrier.placeCall({
      from,
      caller,
      onEntry: (entry) => {
        if (entry.type === 'status' && entry.status === 'in-progress') placed.answeredAt = performance.now();
      },
    });
    const placed: Placed = { answeredAt: NaN, greeted: false, ended };
    this.#placed.push(placed);
  }

  get greeted(): number {
    return this.#placed.filter(({ greeted }) => greeted).length;
  }

  beginWindow(): void {
    this.#windowAt = [performance.now(), Infinity];
  }

  endWindow(): void {
    this.#windowAt = [this.#windowAt[0], performance.now()];
  }

  /** Everyone finishes the turn at hand and hangs up. Turns count whose last voiced frame was sent within the window. */
  async finish(): Promise<CallsMeasured> {
    this.#over = true;
    const measured: CallsMeasured = { turns: [], calls: this.#placed.length, faults: {} };
    const [from, until] = this.#windowAt;
    for (const { ended, answeredAt } of this.#placed) {
      const report = await ended;
      for (const fault of faultsOf(report)) measured.faults[fault] = (measured.faults[fault] ?? 0) + 1;
      if (Number.isNaN(answeredAt)) continue;
      const turns = turnsOf(report, this.#options.replyMs);
      measured.turns.push(
        ...turns.filter(({ endedAtMs }) => answeredAt + endedAtMs >= from && answeredAt + endedAtMs < until),
      );
    }
    return measured;
  }
}

function faultsOf(report: CallReport): readonly string[] {
  return [
    ...report.errors.map(({ code, message }) => `error ${code}: ${message}`),
    ...report.warnings.map(({ code, message }) => `warning ${code}: ${message}`),
    ...(report.streams === 1 ? [] : [`${report.streams} streams`]),
    ...(report.endedBy === 'caller' ? [] : [`ended by ${report.endedBy}`]),
    ...(report.callerFault === null ? [] : [`caller's script: ${report.callerFault.message}`]),
  ];
}

async function open(given: unknown): Promise<Callers> {
  const options = callersOptions.parse(given);
  const { audio, serverUrl, accountSid, authToken, phoneNumber } = options;
  const all = await loadPhrases(audio);
  const sharp = (id: string): Uint8Array => {
    const found = all.find((phrase) => phrase.id === id);
    if (found === undefined) throw new RangeError(`there is no phrase ${id}`);
    return withSharpEdges(found.mulaw);
  };
  const read = readWav(await readFile(path.join(audio, 'noises', 'line-noise.wav')));
  if (!read.ok || read.wav.mulaw === null) throw new TypeError('line-noise.wav is not 8 kHz μ-law');
  const carrier = await startCarrier({
    accountSid,
    authToken,
    phoneNumber,
    voiceUrl: `${serverUrl}/twilio/voice`,
    statusCallbackUrl: `${serverUrl}/twilio/call-status`,
    allowPlainWs: true,
  });
  const phrases = options.phrases.map(sharp);
  return new Callers(options, carrier, { phrases, interruption: sharp(options.interruption), noise: read.wav.mulaw });
}

/** Answers `open`, `place`, `greeted`, `begin`, `end` and `finish`, in that order. */
export function serveCallers(): void {
  let callers: Callers | null = null;
  const probe = new Probe();
  const those = (): Callers => {
    if (callers === null) throw new Error('not open yet');
    return callers;
  };
  serveBench(
    {
      open: async (given) => {
        callers = await open(given);
        return null;
      },
      place: async (given) => (await those().place(z.int().parse(given)), null),
      greeted: () => those().greeted,
      begin: async () => {
        await probe.begin(false);
        those().beginWindow();
        return null;
      },
      end: async () => {
        those().endWindow();
        return probe.end(null);
      },
      finish: () => those().finish(),
    },
    async () => {},
  );
}
