import { CallOver, type Caller, type CallerLine, type Delivery } from './caller.ts';
import { bursts, isAudible, mix, silentByte, silentFrame } from './levels.ts';
import type { Recorder } from './recorder.ts';
import { frameBytes, frameMs } from './ticker.ts';

/** A pause of this length ends a stretch of speech for a listener. */
const pauseMs = 300;
const patienceMs = 30_000;
const betweenKeysMs = 250;

export interface Handset {
  readonly press: (digit: string) => void;
  readonly hangUp: () => void;
}

interface Speech {
  readonly mulaw: Uint8Array;
  readonly clean: Uint8Array;
  offset: number;
  readonly done: () => void;
}

interface Wait {
  /** True when the wait is over. */
  readonly check: (nowMs: number) => boolean;
  readonly reject: (error: Error) => void;
}

/** Ear and mouth of one party: fed with a frame, gives a frame, 50 times a second. */
export class Person {
  readonly #recorder: Recorder;
  readonly #handset: Handset;
  #waits: Wait[] = [];
  #speech: Speech | undefined;
  #bed: { readonly mulaw: Uint8Array; readonly gainDb: number; offset: number } | undefined;
  #over = false;
  #nowMs = 0;
  #silentSinceMs = 0;
  #burstStartMs: number | undefined;
  #lastAudibleMs = Number.NEGATIVE_INFINITY;
  #questions = 0;
  #questionsTaken = 0;
  #connected = false;

  constructor(recorder: Recorder, handset: Handset) {
    this.#recorder = recorder;
    this.#handset = handset;
  }

  /** Runs the script; the fault in it, or null. Ends with the call or with the script. */
  async live(caller: Caller): Promise<Error | null> {
    try {
      await caller(this.#line());
      return null;
    } catch (error) {
      return error instanceof CallOver ? null : error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The line begins to ask for keys. */
  ask(): void {
    this.#questions += 1;
  }

  connect(connected: boolean): void {
    this.#connected = connected;
  }

  /** The frame that the caller has just heard to its end. */
  hear(frame: Uint8Array): void {
    this.#nowMs += frameMs;
    if (isAudible(frame)) {
      if (this.#burstStartMs === undefined) {
        this.#burstStartMs = this.#nowMs - frameMs;
        this.#recorder.note({ type: 'line-audible' }, this.#burstStartMs);
      }
      this.#lastAudibleMs = this.#nowMs;
    } else if (this.#burstStartMs !== undefined && this.#nowMs - this.#lastAudibleMs >= pauseMs) {
      this.#burstStartMs = undefined;
      this.#recorder.note({ type: 'line-quiet' }, this.#lastAudibleMs);
    }
    this.#waits = this.#waits.filter(({ check }) => !check(this.#nowMs));
  }

  /** The next 20 ms of the caller: words, noise, or silence. */
  speak(): Uint8Array {
    const words = this.#nextWords();
    const bed = this.#bed;
    if (bed === undefined) {
      return words;
    }
    const frame = mix(frameBytes, [
      { mulaw: words, gainDb: 0 },
      { mulaw: bed.mulaw, gainDb: bed.gainDb, from: bed.offset },
    ]);
    bed.offset = (bed.offset + frameBytes) % Math.max(1, bed.mulaw.length);
    return frame;
  }

  end(): void {
    this.#over = true;
    const waits = this.#waits;
    this.#waits = [];
    for (const { reject } of waits) {
      reject(new CallOver());
    }
  }

  #nextWords(): Uint8Array {
    const speech = this.#speech;
    if (speech === undefined) {
      return silentFrame;
    }
    if (speech.offset === 0) {
      this.#takeDown(speech.clean);
    }
    const piece = speech.mulaw.subarray(speech.offset, speech.offset + frameBytes);
    speech.offset += frameBytes;
    if (speech.offset >= speech.mulaw.length) {
      this.#speech = undefined;
      this.#silentSinceMs = this.#nowMs + frameMs;
      this.#recorder.note({ type: 'caller-spoke' });
      speech.done();
    }
    if (piece.length === frameBytes) {
      return piece;
    }
    const frame = new Uint8Array(frameBytes).fill(silentByte);
    frame.set(piece);
    return frame;
  }

  #takeDown(clean: Uint8Array): void {
    const startMs = this.#recorder.spokenMs;
    const lengthMs = Math.ceil(clean.length / frameBytes) * frameMs;
    const voiced = bursts(clean, { leastMs: frameMs });
    this.#recorder.utterances.push({
      startMs,
      endMs: startMs + lengthMs,
      firstVoicedMs: startMs + (voiced[0]?.startMs ?? 0),
      lastVoicedMs: startMs + (voiced.at(-1)?.endMs ?? lengthMs),
      over: this.#burstStartMs !== undefined,
    });
    this.#recorder.note({ type: 'caller-speaks', ms: lengthMs });
  }

  #line(): CallerLine {
    const line: CallerLine = {
      nowMs: () => this.#nowMs,
      listenUntilQuiet: ({ ms, withinMs = patienceMs }) => this.#untilQuiet(ms, withinMs),
      hears: ({ atLeastMs, withinMs = patienceMs }) => this.#untilHeard(atLeastMs, withinMs),
      say: (mulaw, delivery) => this.#say(mulaw, delivery),
      sayOver: async (mulaw, delivery) => {
        await line.hears({ atLeastMs: delivery?.afterMs ?? 600 });
        await this.#say(mulaw, delivery);
      },
      silence: async (ms) => {
        const untilMs = this.#nowMs + ms;
        await this.#wait((nowMs) => (nowMs >= untilMs ? 'over' : undefined));
      },
      asked: async () => {
        this.#questionsTaken += 1;
        const question = this.#questionsTaken;
        await this.#wait(() => (this.#questions >= question ? 'asked' : undefined));
      },
      connected: async () => void (await this.#wait(() => (this.#connected ? 'connected' : undefined))),
      press: async (digits) => {
        for (const [index, digit] of digits.split('').entries()) {
          if (index > 0) {
            await line.silence(betweenKeysMs);
          }
          this.#mustLast();
          this.#recorder.note({ type: 'digit', digit });
          this.#handset.press(digit);
        }
      },
      noiseBed: (mulaw, gainDb) => {
        this.#bed = { mulaw, gainDb, offset: 0 };
      },
      hangUp: () => this.#handset.hangUp(),
      stay: () => this.#wait<never>(() => undefined),
    };
    return line;
  }

  #untilQuiet(ms: number, withinMs: number): Promise<'quiet' | 'nothing-heard' | 'still-speaking'> {
    const untilMs = this.#nowMs + withinMs;
    return this.#wait((nowMs) => {
      const heard = this.#lastAudibleMs > this.#silentSinceMs;
      if (heard && nowMs - this.#lastAudibleMs >= ms) {
        return 'quiet';
      }
      return nowMs < untilMs ? undefined : heard ? 'still-speaking' : 'nothing-heard';
    });
  }

  #untilHeard(atLeastMs: number, withinMs: number): Promise<'heard' | 'nothing-heard'> {
    const untilMs = this.#nowMs + withinMs;
    return this.#wait((nowMs) => {
      if (this.#burstStartMs !== undefined && this.#lastAudibleMs - this.#burstStartMs >= atLeastMs) {
        return 'heard';
      }
      return nowMs < untilMs ? undefined : 'nothing-heard';
    });
  }

  async #say(mulaw: Uint8Array, delivery: Delivery = {}): Promise<void> {
    if (this.#speech !== undefined) {
      throw new Error('a caller has one mouth: await the first say before the next');
    }
    const clean = delivery.gainDb ? mix(mulaw.length, [{ mulaw, gainDb: delivery.gainDb }]) : mulaw;
    const noisy = delivery.noise ? mix(clean.length, [{ mulaw: clean, gainDb: 0 }, delivery.noise]) : clean;
    let spoken = clean.length === 0;
    if (!spoken) {
      this.#speech = { mulaw: noisy, clean, offset: 0, done: () => (spoken = true) };
    }
    await this.#wait(() => (spoken ? 'spoken' : undefined));
  }

  #mustLast(): void {
    if (this.#over) {
      throw new CallOver();
    }
  }

  /** Asks `done` after each frame heard, and once at once. */
  #wait<Result>(done: (nowMs: number) => Result | undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      const check = (nowMs: number): boolean => {
        const result = done(nowMs);
        if (result !== undefined) {
          resolve(result);
        }
        return result !== undefined;
      };
      if (this.#over) {
        reject(new CallOver());
      } else if (!check(this.#nowMs)) {
        this.#waits.push({ check, reject });
      }
    });
  }
}
