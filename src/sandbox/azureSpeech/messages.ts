import { randomUUID } from 'node:crypto';

/** The bodies of the server's messages. Times are 100 ns ticks on the wire, milliseconds everywhere else. */
const ticksPerMs = 10_000;

export function ticks(ms: number): number {
  return Math.round(ms * ticksPerMs);
}

export interface Span {
  readonly offsetMs: number;
  readonly durationMs: number;
}

export interface TimedWord extends Span {
  readonly text: string;
}

/** 32 lower-case hexadecimal digits, the service's form of an id. */
export function hexId(): string {
  return randomUUID().replaceAll('-', '');
}

export function turnStart(): object {
  return { context: { serviceTag: hexId() } };
}

export function detected(offsetMs: number): object {
  return { Offset: ticks(offsetMs) };
}

export function hypothesis(id: string, text: string, span: Span): object {
  return { Id: id, Text: text, Offset: ticks(span.offsetMs), Duration: ticks(span.durationMs), Channel: 0 };
}

/** A phrase without words: its status says why. */
export function emptyPhrase(id: string, status: string, span: Span): object {
  return {
    Id: id,
    RecognitionStatus: status,
    Offset: ticks(span.offsetMs),
    Duration: ticks(span.durationMs),
    Channel: 0,
  };
}

export function simplePhrase(id: string, text: string, span: Span): object {
  return { ...emptyPhrase(id, 'Success', span), DisplayText: text };
}

/** `words` null: the client did not ask for their times. */
export function detailedPhrase(
  id: string,
  heard: { readonly text: string; readonly confidence: number; readonly words: readonly TimedWord[] | null },
  span: Span,
): object {
  const lexical = heard.text
    .replaceAll(/[.,!?،؛؟…]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const best = {
    Confidence: heard.confidence,
    Lexical: lexical,
    ITN: lexical,
    MaskedITN: lexical,
    Display: heard.text,
  };
  const words = heard.words?.map((word) => ({
    Word: word.text,
    Offset: ticks(word.offsetMs),
    Duration: ticks(word.durationMs),
  }));
  return { ...simplePhrase(id, heard.text, span), NBest: [words === undefined ? best : { ...best, Words: words }] };
}

export function audioResponse(streamId: string): object {
  return { ...turnStart(), audio: { type: 'inline', streamId } };
}

export function wordBoundary(word: TimedWord): object {
  return {
    Metadata: [
      {
        Type: 'WordBoundary',
        Data: {
          Offset: ticks(word.offsetMs),
          Duration: ticks(word.durationMs),
          text: { Text: word.text, Length: word.text.length, BoundaryType: 'WordBoundary' },
        },
      },
    ],
  };
}

export function sessionEnd(durationMs: number): object {
  return { Metadata: [{ Type: 'SessionEnd', Data: { Offset: ticks(durationMs) } }] };
}
