import { StringDecoder } from 'node:string_decoder';

export type InputLine =
  | { readonly type: 'line'; readonly number: number; readonly text: string }
  | { readonly type: 'tooLong'; readonly number: number };

/**
 * Lines of a stream of bytes, numbered from 1, as they come. A line beyond `mostCharacters` is told of and not kept; broken
 * UTF-8 becomes replacement characters; CRLF and a byte order mark are no part of a line.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array | string>,
  mostCharacters: number,
): AsyncGenerator<InputLine> {
  const decoder = new StringDecoder('utf8');
  const splitter = new Splitter(mostCharacters);
  for await (const chunk of input)
    yield* splitter.add(typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
  yield* splitter.add(decoder.end());
  yield* splitter.end();
}

class Splitter {
  readonly #most: number;
  #rest = '';
  #tooLong = false;
  #number = 0;

  constructor(most: number) {
    this.#most = most;
  }

  *add(text: string): Generator<InputLine> {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#keep(text.slice(from, end));
      yield this.#take();
      from = end + 1;
    }
    this.#keep(text.slice(from));
  }

  *end(): Generator<InputLine> {
    if (this.#rest !== '' || this.#tooLong) yield this.#take();
  }

  #keep(text: string): void {
    if (this.#rest.length + text.length > this.#most) {
      this.#tooLong = true;
      this.#rest = '';
    } else if (!this.#tooLong) this.#rest += text;
  }

  #take(): InputLine {
    this.#number += 1;
    const number = this.#number;
    const text = this.#rest.replace(/\r$/, '').replace(/^\uFEFF/, '');
    const tooLong = this.#tooLong;
    this.#rest = '';
    this.#tooLong = false;
    return tooLong ? { type: 'tooLong', number } : { type: 'line', number, text };
  }
}
