import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readWav } from '../../../audio/wav.ts';
import { loadPhrases } from '../../azureSpeech/phraseMatcher.ts';
import { startCarrier, type Carrier } from '../../carrier/carrier.ts';
import { seededRandom } from '../../carrier/delayLine.ts';
import type { LegIdentity } from '../../carrier/leg.ts';
import { tone } from '../../carrier/levels.ts';
import type { TimelineEntry } from '../../carrier/report.ts';
import { serveBench } from '../channel.ts';
import { callerOf, callerShape, telephoneOf, telephoneShape, type MeasuredTelephone } from './measure.ts';
import { discloser, disclosureIndex, personOnCall } from './script.ts';

/** The process of the carrier, the callers and the people on call. Started by `forkChild`. */

export const escalationCallsOptions = z.object({
  accountSid: z.string(),
  authToken: z.string(),
  phoneNumber: z.string(),
  serverUrl: z.string(),
  /** Folder of phrases and noises. */
  audio: z.string(),
  disclosure: z.string(),
  answer: z.string(),
  /** Numbers of the rota; of every three the last never answers. */
  people: z.array(z.string()).min(1),
  callsPerSecond: z.number().positive(),
});

export const openedShape = z.object({ apiBaseUrl: z.string() });
export const runOrder = z.object({ calls: z.int().min(1), atOnce: z.int().min(1) });
export const runShape = z.object({ callers: z.array(callerShape), telephones: z.array(telephoneShape) });

export type EscalationCallsMeasured = z.infer<typeof runShape>;
type Options = z.infer<typeof escalationCallsOptions>;

/** As long as the sandbox carrier's usual voice takes; known here, so that it can be taken from what is measured. */
const characterMs = 65;
const leastPromptMs = 200;
const promptMs = (text: string): number => Math.max(leastPromptMs, text.length * characterMs);

const leastAnswerMs = 2_500;
const answerSpreadMs = 2_500;
const leastThinkMs = 1_000;
const thinkSpreadMs = 1_500;
const betweenLanesMs = 400;
const finalStatuses: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

interface Sounds {
  readonly disclosure: Uint8Array;
  readonly answer: Uint8Array;
  readonly hello: Uint8Array;
  readonly noise: Uint8Array;
}

class EscalationCalls {
  readonly #options: Options;
  readonly #sounds: Sounds;
  readonly #carrier: Carrier;
  readonly #startedAt: number;
  readonly #random = seededRandom(11);
  readonly #measured = new Set<string>();
  #placed = 0;

  constructor(options: Options, sounds: Sounds, carrier: Carrier, startedAt: number) {
    this.#options = options;
    this.#sounds = sounds;
    this.#carrier = carrier;
    this.#startedAt = startedAt;
    for (const number of options.people) this.free(number);
  }

  get apiBaseUrl(): string {
    return this.#carrier.apiBaseUrl;
  }

  /** The telephone is on the hook again. */
  free(number: string): void {
    const at = this.#options.people.indexOf(number);
    if (at < 0) return;
    this.#carrier.setPhone(
      number,
      at % 3 === 2
        ? { kind: 'no-answer' }
        : personOnCall({
            answersAfterMs: leastAnswerMs + this.#random() * answerSpreadMs,
            thinksMs: leastThinkMs + this.#random() * thinkSpreadMs,
            hello: this.#sounds.hello,
          }),
    );
  }

  occupy(number: string): void {
    if (this.#options.people.includes(number)) this.#carrier.setPhone(number, { kind: 'busy' });
  }

  /** As many lanes as callers at once; each places the next call when its last one is over. */
  async run({ calls, atOnce }: z.infer<typeof runOrder>): Promise<EscalationCallsMeasured> {
    const measured: EscalationCallsMeasured = { callers: [], telephones: [] };
    let left = calls;
    const lane = async (index: number): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, index * betweenLanesMs));
      while (left > 0) {
        left -= 1;
        measured.callers.push(await this.#call());
      }
    };
    await Promise.all(Array.from({ length: Math.min(calls, atOnce) }, (_zero, index) => lane(index)));
    measured.telephones.push(...(await this.#telephones()));
    return measured;
  }

  async #call(): Promise<EscalationCallsMeasured['callers'][number]> {
    this.#placed += 1;
    const { disclosure, answer, noise } = this.#sounds;
    const { ended, callSid } = this.#carrier.placeCall({
      from: `+9689${String(1_000_000 + this.#placed)}`,
      caller: discloser({ disclosure, answer, noise, random: seededRandom(this.#placed) }),
    });
    const report = await ended;
    const leg = this.#carrier.legs().find((one) => one.callSid === callSid);
    if (leg === undefined) throw new Error('the carrier forgot a call');
    return callerOf(report, leg, disclosureIndex);
  }

  /** Those rung since this was last asked, when they are all on the hook again. */
  async #telephones(): Promise<readonly MeasuredTelephone[]> {
    const legs = this.#carrier
      .legs()
      .filter(({ direction, callSid }) => direction !== 'inbound' && !this.#measured.has(callSid));
    const measured = await Promise.all(
      legs.map(async ({ callSid }): Promise<readonly MeasuredTelephone[]> => {
        this.#measured.add(callSid);
        const report = await this.#carrier.reportOf(callSid);
        const leg = this.#carrier.legs().find((one) => one.callSid === callSid);
        // Called off while it stood in the account's queue: it was no telephone yet.
        if (report === null && leg?.status === 'canceled') return [];
        if (report === null || leg === undefined) throw new Error('the carrier forgot a telephone');
        const orderedAtMs = report.startedAt.getTime() - this.#startedAt;
        return [telephoneOf(report, leg, { spokenMs: promptMs, orderedAtMs })];
      }),
    );
    return measured.flat();
  }
}

/** A telephone that rings or is talked on is busy to everybody else. */
function followTelephones(calls: () => EscalationCalls | null): (leg: LegIdentity, entry: TimelineEntry) => void {
  const holder = new Map<string, string>();
  return ({ to, callSid, direction }, entry) => {
    if (direction === 'inbound' || entry.type !== 'status') return;
    if (entry.status === 'ringing' && !holder.has(to)) {
      holder.set(to, callSid);
      calls()?.occupy(to);
    } else if (finalStatuses.has(entry.status) && holder.get(to) === callSid) {
      holder.delete(to);
      calls()?.free(to);
    }
  };
}

async function open(given: unknown): Promise<EscalationCalls> {
  const options = escalationCallsOptions.parse(given);
  const { audio, serverUrl, accountSid, authToken, phoneNumber, callsPerSecond } = options;
  const phrases = await loadPhrases(audio);
  const phrase = (id: string): Uint8Array => {
    const found = phrases.find((one) => one.id === id);
    if (found === undefined) throw new RangeError(`there is no phrase ${id}`);
    return found.mulaw;
  };
  const sounds = {
    disclosure: phrase(options.disclosure),
    answer: phrase(options.answer),
    hello: await readClip(path.join(audio, 'unknown', 'on-call-hello.wav')),
    noise: await readClip(path.join(audio, 'noises', 'line-noise.wav')),
  };
  let calls: EscalationCalls | null = null;
  const startedAt = Date.now();
  const carrier = await startCarrier({
    accountSid,
    authToken,
    phoneNumber,
    callsPerSecond,
    voiceUrl: `${serverUrl}/twilio/voice`,
    voiceFallbackUrl: `${serverUrl}/twilio/fallback`,
    statusCallbackUrl: `${serverUrl}/twilio/call-status`,
    allowPlainWs: true,
    prompter: { say: async (text) => tone(promptMs(text), 300, -26) },
    onEntry: followTelephones(() => calls),
  });
  calls = new EscalationCalls(options, sounds, carrier, startedAt);
  return calls;
}

async function readClip(file: string): Promise<Uint8Array> {
  const read = readWav(await readFile(file));
  if (!read.ok || read.wav.mulaw === null) throw new TypeError(`${path.basename(file)} is not 8 kHz μ-law`);
  return read.wav.mulaw;
}

export function serveEscalationCalls(): void {
  let calls: EscalationCalls | null = null;
  serveBench(
    {
      open: async (given) => {
        calls = await open(given);
        return { apiBaseUrl: calls.apiBaseUrl };
      },
      run: async (given) => {
        if (calls === null) throw new Error('not open yet');
        return calls.run(runOrder.parse(given));
      },
    },
    async () => {},
  );
}
