import { isStopControl, readSynthesisContext } from './clientMessages.ts';
import type { SynthesisRequest } from './clientMessages.ts';
import type { Frame } from './frames.ts';
import type { Conversation } from './recognition.ts';
import type { SpeechSocket } from './speechSocket.ts';
import { parseSsml } from './ssml.ts';
import type { SsmlPart } from './ssml.ts';
import { SynthesisTurn } from './synthesisTurn.ts';
import type { SynthesisParts } from './synthesisTurn.ts';
import { isVoiceName } from './voice.ts';

/** The only format a telephone needs, so the only one that is made. */
const outputFormat = 'raw-8khz-8bit-mono-mulaw';
/** Text of one stream, as long as the longest SSML. */
const streamedCharacters = 65_536;
/** Sentences waiting on one connection. */
const queuedSentences = 100;

export interface SynthesisConversation extends SynthesisParts {
  /** Whether `synthesis.control` with action `stop` ends the turn; not known of the real service. */
  readonly stopControl: () => 'honoured' | 'ignored';
  /** A voice that failed, in words for whoever runs the sandbox. */
  readonly report: (message: string) => void;
}

/** Text that comes in pieces: a sentence is spoken as soon as it is whole. */
interface TextStream {
  readonly requestId: string;
  readonly turn: SynthesisTurn;
  pending: string;
  characters: number;
}

/** One synthesis connection. Sentences are spoken strictly one after another. */
export function converseSynthesis(socket: SpeechSocket, parts: SynthesisConversation): Conversation {
  return new SynthesisSession(socket, parts).conversation;
}

class SynthesisSession {
  readonly #socket: SpeechSocket;
  readonly #parts: SynthesisConversation;
  #request: SynthesisRequest | undefined;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #speaking: SynthesisTurn | undefined;
  #stream: TextStream | undefined;

  constructor(socket: SpeechSocket, parts: SynthesisConversation) {
    this.#socket = socket;
    this.#parts = parts;
  }

  get conversation(): Conversation {
    return {
      text: (frame) => this.#text(frame),
      binary: () => this.#socket.refuse(1007, 'binary messages have no place here'),
      closed: () => {
        this.#speaking?.stop();
        this.#stream?.turn.stop();
      },
    };
  }

  #text(frame: Frame<string>): void {
    switch (frame.path) {
      case 'synthesis.context':
        this.#request = readSynthesisContext(frame.body);
        if (this.#request === undefined) this.#socket.refuse(1007, 'synthesis.context is not as it should be');
        break;
      case 'ssml':
        this.#speakSsml(frame);
        break;
      case 'text.piece':
        this.#takePiece(frame.requestId, frame.body);
        break;
      case 'text.end':
        this.#endPieces(frame.requestId);
        break;
      case 'synthesis.control':
        if (this.#parts.stopControl() === 'honoured' && isStopControl(frame.body)) this.#speaking?.stop();
        break;
      default:
        break;
    }
  }

  #speakSsml(frame: Frame<string>): void {
    const request = this.#acceptedRequest();
    if (request === undefined) return;
    const ssml = parseSsml(frame.body);
    if (!ssml.ok) {
      this.#socket.refuse(1007, ssml.reason);
      return;
    }
    const unknown = ssml.parts.find((part) => part.type === 'text' && !isVoiceName(part.spoken.voiceName));
    if (unknown !== undefined) {
      this.#socket.refuse(1007, 'voice not known');
      return;
    }
    this.#enqueue(async () => {
      const turn = this.#open(frame.requestId, request);
      await turn.speak(ssml.parts);
      turn.end();
    });
  }

  #takePiece(requestId: string, text: string): void {
    const stream = this.#streamOf(requestId);
    if (stream === undefined) return;
    stream.characters += text.length;
    if (stream.characters > streamedCharacters) {
      this.#socket.refuse(1007, 'more text than a stream may hold');
      return;
    }
    stream.pending += text;
    const end = /^[\s\S]*[.!?؟\n]/.exec(stream.pending)?.[0].length ?? 0;
    this.#speakPending(stream, end);
  }

  #endPieces(requestId: string): void {
    const stream = this.#streamOf(requestId);
    if (stream === undefined) return;
    this.#speakPending(stream, stream.pending.length);
    this.#stream = undefined;
    this.#enqueue(async () => stream.turn.end());
  }

  #speakPending(stream: TextStream, end: number): void {
    const text = stream.pending.slice(0, end).trim();
    stream.pending = stream.pending.slice(end);
    const how = this.#request?.textStream;
    if (text === '' || how?.voiceName === undefined || how.voiceName === null) return;
    const part: SsmlPart = { type: 'text', spoken: { text, voiceName: how.voiceName, language: how.language } };
    this.#enqueue(() => stream.turn.speak([part]));
  }

  #streamOf(requestId: string): TextStream | undefined {
    if (this.#stream?.requestId === requestId) return this.#stream;
    const request = this.#acceptedRequest();
    if (request === undefined) return undefined;
    const voiceName = request.textStream?.voiceName;
    if (voiceName === undefined || voiceName === null || !isVoiceName(voiceName)) {
      this.#socket.refuse(1007, 'text in pieces without a voice in synthesis.context');
      return undefined;
    }
    this.#stream = { requestId, turn: this.#open(requestId, request), pending: '', characters: 0 };
    return this.#stream;
  }

  #acceptedRequest(): SynthesisRequest | undefined {
    if (this.#request?.outputFormat === outputFormat) return this.#request;
    const format = this.#request?.outputFormat;
    this.#socket.refuse(1007, format === undefined ? 'no synthesis.context' : `only ${outputFormat} is made here`);
    return undefined;
  }

  #open(requestId: string, request: SynthesisRequest): SynthesisTurn {
    const { socket, ...parts } = { socket: this.#socket, ...this.#parts };
    this.#speaking = new SynthesisTurn({ socket, requestId, request, ...parts });
    return this.#speaking;
  }

  #enqueue(run: () => Promise<void>): void {
    if (this.#queued >= queuedSentences) {
      this.#socket.refuse(1007, `more than ${queuedSentences} sentences waiting`);
      return;
    }
    this.#queued += 1;
    this.#queue = this.#queue
      .then(run)
      .catch((error: unknown) => {
        this.#parts.report(`the sandbox voice failed: ${error instanceof Error ? error.message : 'unknown'}`);
        this.#socket.close(1011, 'the voice failed');
      })
      .finally(() => (this.#queued -= 1));
  }
}
