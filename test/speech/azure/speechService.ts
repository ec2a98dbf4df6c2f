import { type AzureSpeechSandbox, startAzureSpeech } from '../../../src/sandbox/azureSpeech/server.ts';
import type { AzureSpeechFault, Scope } from '../../../src/sandbox/azureSpeech/faults.ts';
import type { SandboxVoice } from '../../../src/sandbox/azureSpeech/voice.ts';
import type { Timing } from '../../../src/sandbox/azureSpeech/timing.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Log } from '../../../src/log.ts';
import { azureRecogniser, type AzureRecogniserConfig } from '../../../src/speech/azure/recogniser.ts';
import type { Recogniser, RecogniserEvent } from '../../../src/speech/recogniser.ts';
import { wordMatcher } from './wordAudio.ts';

/** The local service that the real SDK talks to in these tests, and what the adapters tell while it does. */

export const key = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';

const quick: Partial<Timing> = {
  hypothesisDelayMs: 0,
  hypothesisEveryMs: 0,
  finalDelayMs: 0,
  firstAudioDelayMs: 0,
  pacing: null,
};

/** A tenth of a second a letter, and each word where it is said. */
export const letterVoice: SandboxVoice = async (text) => {
  const bytesPerLetter = 800;
  const words = [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    offsetMs: match.index * 100,
    durationMs: match[0].length * 100,
  }));
  return { mulaw: letterAudio(text, bytesPerLetter), words };
};

export function letterAudio(text: string, bytesPerLetter = 800): Uint8Array {
  return Uint8Array.from({ length: text.length * bytesPerLetter }, (_, i) => 0x80 + (i % 100));
}

export function startService(timing: Partial<Timing> = {}): Promise<AzureSpeechSandbox> {
  return startAzureSpeech({ key, matcher: wordMatcher, voice: letterVoice, timing: { ...quick, ...timing } });
}

export interface Lines {
  readonly log: Log;
  readonly text: () => string;
}

/** Everything that is logged, as text, to be searched for what must not be there. */
export function recordLog(): Lines {
  const lines: string[] = [];
  const note = (message: string, fields?: object): void =>
    void lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  return { log: { debug: note, info: note, warn: note, error: note }, text: () => lines.join('\n') };
}

export interface Listening {
  readonly recogniser: Recogniser;
  readonly events: RecogniserEvent[];
  readonly log: Lines;
  /** Resolves when an event fits; rejects after two seconds with what came instead. */
  readonly event: (fits: (event: RecogniserEvent) => boolean) => Promise<RecogniserEvent>;
  readonly words: () => string[];
}

export function listen(
  service: { readonly host: string },
  config: Partial<AzureRecogniserConfig> = {},
  phrases: readonly string[] = [],
): Listening {
  const events: RecogniserEvent[] = [];
  const waiting = new Set<() => void>();
  const log = recordLog();
  const open = azureRecogniser({
    key,
    host: service.host,
    clock: systemClock,
    log: log.log,
    random: () => 0.5,
    ...config,
    timing: { retryFirstMs: 4, retryMaxMs: 20, ...config.timing },
  });
  const recogniser = open({
    language: 'ar-OM',
    phrases,
    onEvent: (event) => {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  return {
    recogniser,
    events,
    log,
    words: () => events.flatMap((event) => (event.type === 'final' ? event.text.split(' ') : [])),
    event: (fits) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`not in time; came instead: ${JSON.stringify(events)}`));
        }, 3_000);
        const look = (): void => {
          const found = events.find(fits);
          if (found === undefined) return;
          clearTimeout(late);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

export function plan(
  service: AzureSpeechSandbox,
  scope: Scope,
  fault: AzureSpeechFault,
  times: number | null = 1,
): void {
  service.faults.add({ scope, fault, times });
}

/** Waits until the condition holds; rejects after two seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 3_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
