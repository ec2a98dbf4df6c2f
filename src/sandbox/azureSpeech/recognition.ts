import { readSpeechContext, requestOfQuery } from './clientMessages.ts';
import type { RecognitionRequest } from './clientMessages.ts';
import type { AzureSpeechFaults } from './faults.ts';
import type { Frame } from './frames.ts';
import type { PhraseMatcher } from './phraseMatcher.ts';
import { RecognitionTurn } from './recognitionTurn.ts';
import type { SpeechSocket } from './speechSocket.ts';
import type { Timing } from './timing.ts';
import { parseWavHeader } from './wavHeader.ts';

/** What a connection does with the messages that arrive on it. */
export interface Conversation {
  readonly text: (frame: Frame<string>) => void;
  readonly binary: (frame: Frame<Uint8Array>) => void;
  readonly closed: () => void;
}

/** Documented: a message holds at most 8,192 bytes of audio. */
const audioMessageBytes = 8_192;
/** Ended request ids that are remembered, to refuse their second use. */
const rememberedTurns = 1_000;

/** One recognition connection: turn after turn, each by its request id, on the same socket. */
export function converseRecognition(
  socket: SpeechSocket,
  query: URLSearchParams,
  parts: { readonly matcher: PhraseMatcher; readonly faults: AzureSpeechFaults; readonly timing: Timing },
): Conversation {
  const asked = requestOfQuery(query);
  let request: RecognitionRequest = asked;
  let turn: { readonly id: string; readonly of: RecognitionTurn } | undefined;
  const used = new Set<string>();

  function open(frame: Frame<Uint8Array>): void {
    if (used.has(frame.requestId)) {
      socket.refuse(1002, 'a request id was used before');
      return;
    }
    const header = parseWavHeader(frame.body);
    if (!header.ok) {
      socket.refuse(1007, header.fault);
      return;
    }
    turn?.of.drop();
    if (used.size >= rememberedTurns) used.clear();
    used.add(frame.requestId);
    const of = new RecognitionTurn({ socket, requestId: frame.requestId, format: header.format, request, ...parts });
    turn = { id: frame.requestId, of };
    if (header.rest.length > 0) hear(of, header.rest);
  }

  function hear(of: RecognitionTurn, audio: Uint8Array): void {
    socket.stats.audioBytes += audio.length;
    of.write(audio);
  }

  return {
    text: (frame) => {
      if (frame.path !== 'speech.context') return;
      const context = readSpeechContext(frame.body, asked);
      if (context === undefined) socket.refuse(1007, 'speech.context is not as it should be');
      else request = context;
    },
    binary: (frame) => {
      if (frame.path !== 'audio') return;
      if (frame.body.length > audioMessageBytes) socket.refuse(1009, 'more than 8,192 bytes of audio in a message');
      else if (frame.requestId !== turn?.id && frame.headers.get('content-type') === 'audio/x-wav') open(frame);
      else if (turn === undefined) socket.refuse(1007, 'audio before a RIFF header');
      else if (frame.requestId !== turn.id) return;
      else if (frame.body.length === 0) turn.of.finish();
      else hear(turn.of, frame.body);
    },
    closed: () => turn?.of.drop(),
  };
}
