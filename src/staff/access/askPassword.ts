import { StringDecoder } from 'node:string_decoder';
import type { Terminal, TerminalInput } from '../output.ts';
import { passwordLength } from './password.ts';

/**
 * A password from the terminal, without echo, or with `--password-stdin` the first line of stdin. Never from an argument: those
 * are seen by everybody on the machine and kept in histories.
 */
export type Typed =
  { readonly kind: 'typed'; readonly password: string } | { readonly kind: 'refused'; readonly message: string };

export interface Asking {
  readonly fromStdin: boolean;
  /** Typed twice, since nobody sees a slip. */
  readonly twice: boolean;
  readonly prompt: string;
}

export async function askPassword(terminal: Terminal, { fromStdin, twice, prompt }: Asking): Promise<Typed> {
  const { stdin } = terminal;
  if (fromStdin)
    return stdin === undefined ? refused('There is no stdin to read the password from.') : firstLine(stdin);
  if (stdin?.isTTY !== true || stdin.setRawMode === undefined)
    return refused(
      'The password is typed at a terminal, and this is none. For a program: --password-stdin reads its first line.',
    );
  const first = await typed(terminal, stdin, prompt);
  if (first.kind === 'refused' || !twice) return first;
  const second = await typed(terminal, stdin, 'The same again: ');
  if (second.kind === 'refused' || second.password === first.password) return second;
  return refused('The two passwords differ. Nothing was changed.');
}

/** More than any password may have; what a program pipes in by mistake is not kept in memory. */
const mostBytes = passwordLength.most * 8;

async function firstLine(stdin: TerminalInput): Promise<Typed> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    if (text.includes('\n') || text.length > mostBytes) break;
  }
  const [line = ''] = text.split('\n');
  const password = line.replace(/\r$/, '');
  if (password === '') return refused('stdin gave no password: its first line is empty.');
  return { kind: 'typed', password };
}

const keys = { enter: ['\r', '\n', '\u0004'], breakOff: '\u0003', rubOut: ['\u007F', '\b'] };

/** Echo is off while it is typed, and on again whatever happens. */
async function typed(terminal: Terminal, stdin: TerminalInput, prompt: string): Promise<Typed> {
  // First: who types at the sight of the prompt must not be faster than we are.
  stdin.setRawMode?.(true);
  terminal.stderr.write(prompt);
  try {
    return await keyByKey(stdin);
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause?.();
    terminal.stderr.write('\n');
  }
}

function keyByKey(stdin: TerminalInput): Promise<Typed> {
  const decoder = new StringDecoder('utf8');
  const characters: string[] = [];
  return new Promise((resolve) => {
    const end = (result: Typed): void => {
      stdin.removeListener?.('data', take);
      stdin.removeListener?.('end', stop);
      resolve(result);
    };
    const stop = (): void => end(refused('Broken off. Nothing was changed.'));
    const take = (chunk: Uint8Array | string): void => {
      for (const key of typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))) {
        if (keys.enter.includes(key)) return end({ kind: 'typed', password: characters.join('') });
        if (key === keys.breakOff) return stop();
        if (keys.rubOut.includes(key)) characters.pop();
        else if (characters.length < mostBytes) characters.push(key);
      }
    };
    stdin.on?.('data', take);
    stdin.on?.('end', stop);
    stdin.resume?.();
  });
}

function refused(message: string): Typed {
  return { kind: 'refused', message };
}
