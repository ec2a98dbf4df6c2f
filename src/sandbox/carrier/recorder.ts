import { silentByte } from './levels.ts';
import type {
  AudioArrival,
  CallReport,
  CallStatus,
  CarrierNotice,
  TimelineEntry,
  TimelineFact,
  Utterance,
  Webhook,
} from './report.ts';
import type { CarrierClock } from './clock.ts';
import { frameBytes, frameMs } from './ticker.ts';

/** Grows by doubling; the frames of a call come one by one. */
class FrameTape {
  #audio: Uint8Array<ArrayBuffer> = new Uint8Array(frameBytes * 512);
  #stamps = new Float64Array(512);
  #frames = 0;

  add(frame: Uint8Array, stampMs: number): void {
    if (this.#frames === this.#stamps.length) {
      const audio = new Uint8Array(this.#audio.length * 2);
      audio.set(this.#audio);
      const stamps = new Float64Array(this.#stamps.length * 2);
      stamps.set(this.#stamps);
      this.#audio = audio;
      this.#stamps = stamps;
    }
    this.#audio.set(frame, this.#frames * frameBytes);
    this.#stamps[this.#frames] = stampMs;
    this.#frames += 1;
  }

  get frames(): number {
    return this.#frames;
  }

  audio(frames: number): Uint8Array {
    const padded = new Uint8Array(frames * frameBytes).fill(silentByte);
    padded.set(this.#audio.subarray(0, Math.min(frames, this.#frames) * frameBytes));
    return padded;
  }

  stamps(): Float64Array {
    return this.#stamps.slice(0, this.#frames);
  }
}

type Shiftable<Entry> = Entry & { atMs: number };

/** Takes down one leg of a call while it happens. */
export class Recorder {
  readonly timeline: Shiftable<TimelineEntry>[] = [];
  readonly statuses: CallStatus[] = [];
  readonly webhooks: Shiftable<Webhook>[] = [];
  readonly utterances: Utterance[] = [];
  readonly arrivals: AudioArrival[] = [];
  readonly said: string[] = [];
  readonly warnings: Shiftable<CarrierNotice>[] = [];
  readonly errors: Shiftable<CarrierNotice>[] = [];
  readonly #uplink = new FrameTape();
  readonly #downlink = new FrameTape();
  readonly #clock: CarrierClock;
  readonly #listener: (entry: TimelineEntry) => void;
  #originMs: number;

  constructor(clock: CarrierClock, listener: (entry: TimelineEntry) => void) {
    this.#clock = clock;
    this.#listener = listener;
    this.#originMs = clock.now();
  }

  /** From here on times count from now; what was taken down before is moved to before zero. */
  answered(): void {
    const shiftMs = this.nowMs();
    this.#originMs += shiftMs;
    for (const list of [this.timeline, this.webhooks, this.warnings, this.errors]) {
      for (const entry of list) {
        entry.atMs -= shiftMs;
      }
    }
  }

  /** Monotonic milliseconds since the call was answered (before that: since it was placed). */
  nowMs(): number {
    return this.#clock.now() - this.#originMs;
  }

  note(fact: TimelineFact, atMs = this.nowMs()): void {
    const entry = { ...fact, atMs };
    this.timeline.push(entry);
    this.#listener(entry);
  }

  status(status: CallStatus): void {
    this.statuses.push(status);
    this.note({ type: 'status', status });
  }

  warning(code: number, message: string): void {
    this.warnings.push({ code, message, atMs: this.nowMs() });
    this.note({ type: 'warning', code, message });
  }

  error(code: number, message: string): void {
    this.errors.push({ code, message, atMs: this.nowMs() });
    this.note({ type: 'error', code, message });
  }

  webhook(path: string, parameters: Readonly<Record<string, string>>, ms: number, status: number): void {
    this.webhooks.push({ path, parameters, ms, status, atMs: this.nowMs() - ms });
    this.note({ type: 'webhook', path, status, ms });
  }

  spoke(frame: Uint8Array): void {
    this.#uplink.add(frame, this.nowMs());
  }

  heard(frame: Uint8Array): void {
    this.#downlink.add(frame, this.nowMs());
  }

  /** How much the caller has heard, and spoken, so far: places in the recording. */
  get heardMs(): number {
    return this.#downlink.frames * frameMs;
  }

  get spokenMs(): number {
    return this.#uplink.frames * frameMs;
  }

  recordings(): Pick<CallReport, 'uplink' | 'downlink' | 'uplinkSentAtMs' | 'downlinkHeardAtMs'> {
    const frames = Math.max(this.#uplink.frames, this.#downlink.frames);
    return {
      uplink: this.#uplink.audio(frames),
      downlink: this.#downlink.audio(frames),
      uplinkSentAtMs: this.#uplink.stamps(),
      downlinkHeardAtMs: this.#downlink.stamps(),
    };
  }
}
