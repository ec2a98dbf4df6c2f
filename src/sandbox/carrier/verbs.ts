import type { Exchange } from './exchange.ts';
import type { Leg, VoiceSource } from './leg.ts';
import { silentByte, silentFrame } from './levels.ts';
import { frameBytes, frameMs } from './ticker.ts';
import type { FormParameters } from './signature.ts';
import type { GatherVerb, Prompt } from './twiml.ts';
import { pause } from './clock.ts';

/** Why a verb is cut short. */
export type Interruption = 'caller' | 'redirect' | 'rest' | 'carrier';

export interface VerbContext {
  readonly exchange: Exchange;
  readonly leg: Leg;
  /** Aborted with an `Interruption` as its reason. */
  readonly signal: AbortSignal;
  /** The address of the document, for relative links; null for a document given over REST. */
  readonly base: string | null;
}

export interface DocumentRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** What the verb that asks adds to the standard parameters. */
  readonly parameters: FormParameters;
}

export type VerbOutcome = { readonly kind: 'next' } | { readonly kind: 'go'; readonly request: DocumentRequest };

export const nextVerb: VerbOutcome = { kind: 'next' };

/** The action's request, or null when there is none, or when the link cannot be resolved (error 11100, taken down). */
export function follow(
  { base, leg }: Pick<VerbContext, 'base' | 'leg'>,
  link: string | null,
  method: 'GET' | 'POST',
  parameters: FormParameters,
): DocumentRequest | null {
  if (link === null || link === '') {
    return null;
  }
  if (!URL.canParse(link, base ?? undefined)) {
    leg.recorder.error(11100, `Invalid URL format: ${link}`);
    return null;
  }
  // An absolute link is kept as written: its signature covers those very characters.
  const url = URL.canParse(link) ? link : new URL(link, base ?? undefined).href;
  return { url, method, parameters };
}

/** Gives 20 ms at each call, and null when there is nothing more. */
type Frames = () => Uint8Array | null;

function framesOf(mulaw: Uint8Array): Frames {
  let offset = 0;
  return () => {
    if (offset >= mulaw.length) {
      return null;
    }
    const frame = new Uint8Array(frameBytes).fill(silentByte);
    frame.set(mulaw.subarray(offset, offset + frameBytes));
    offset += frameBytes;
    return frame;
  };
}

function quietFor(ms: number): Frames {
  let playedMs = 0;
  return () => {
    playedMs += frameMs;
    return playedMs > ms ? null : silentFrame;
  };
}

/** Plays a piece of audio to the leg; resolves when it was heard to its end or cut short. */
export function playTo(context: VerbContext, mulaw: Uint8Array): Promise<void> {
  return playFrames(context, framesOf(mulaw));
}

function playFrames({ leg, signal }: VerbContext, frames: Frames): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || leg.over) {
      resolve();
      return;
    }
    const finish = (): void => {
      signal.removeEventListener('abort', finish);
      if (leg.source === source) {
        leg.source = null;
      }
      resolve();
    };
    const source: VoiceSource = {
      next: () => {
        const frame = frames();
        if (frame === null) {
          finish();
        }
        return frame;
      },
    };
    leg.source = source;
    signal.addEventListener('abort', finish, { once: true });
  });
}

/** Twilio's "for ever". */
const mostLoops = 1_000;

export async function performPrompt(context: VerbContext, prompt: Prompt): Promise<VerbOutcome> {
  const { exchange, leg, signal } = context;
  if (prompt.verb === 'Pause') {
    // By the audio and not by the clock: a pause between two prompts is heard as long as it was written.
    await playFrames(context, quietFor(prompt.lengthMs));
    return nextVerb;
  }
  if (prompt.verb === 'Say') {
    leg.recorder.said.push(prompt.content);
    leg.log.prompt('say', prompt.content);
  }
  const address = prompt.verb === 'Play' ? follow(context, prompt.content, 'GET', [])?.url : undefined;
  if (prompt.verb === 'Play') {
    leg.log.prompt('play', address ?? prompt.content);
  }
  const mulaw =
    prompt.verb === 'Say'
      ? await exchange.prompter.say(prompt.content, prompt.language)
      : await exchange.prompter.play(address ?? prompt.content);
  for (let round = 0; round < (prompt.loop === 0 ? mostLoops : prompt.loop) && !signal.aborted; round += 1) {
    await playTo(context, mulaw);
  }
  return nextVerb;
}

/** Keys pressed during the prompts or within the time-out after them; a key ends the prompts. */
export async function performGather(context: VerbContext, gather: GatherVerb): Promise<VerbOutcome> {
  const { exchange, leg, signal } = context;
  let digits = '';
  let finished = false;
  let keyed = (): void => {};
  const prompts = new AbortController();
  const endPrompts = (): void => prompts.abort();
  signal.addEventListener('abort', endPrompts, { once: true });
  leg.onDigit = (digit) => {
    finished ||= digit === gather.finishOnKey;
    digits += digit === gather.finishOnKey ? '' : digit;
    finished ||= digits.length >= gather.numDigits;
    prompts.abort();
    keyed();
  };
  leg.ask();
  for (const prompt of gather.prompts) {
    if (!prompts.signal.aborted) {
      // What is said within the question is seen like what is said beside it.
      if (prompt.verb === 'Say') leg.recorder.note({ type: 'verb', verb: 'Say', detail: prompt.content });
      await performPrompt({ ...context, signal: prompts.signal }, prompt);
    }
  }
  // Each key starts the time-out again.
  for (let waiting = !finished; waiting && !signal.aborted;) {
    const key = new AbortController();
    const stopWaiting = (): void => key.abort();
    signal.addEventListener('abort', stopWaiting, { once: true });
    keyed = () => key.abort();
    await pause(exchange.clock, gather.timeoutMs, key.signal);
    signal.removeEventListener('abort', stopWaiting);
    waiting = key.signal.aborted && !finished;
  }
  signal.removeEventListener('abort', endPrompts);
  leg.onDigit = null;
  if (signal.aborted || (digits === '' && !gather.actionOnEmptyResult)) {
    return nextVerb;
  }
  const parameters: FormParameters = [
    ['Digits', digits],
    ['msg', 'Gather End'],
  ];
  const request = follow(context, gather.action ?? context.base, gather.method, parameters);
  return request === null ? nextVerb : { kind: 'go', request };
}
