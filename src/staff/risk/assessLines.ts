import { assess } from '../../risk/assess.ts';
import { assessDialogue } from '../../risk/course.ts';
import type { Terminal } from '../output.ts';
import { readLines } from './lineReader.ts';
import { readRequest, requestBounds, type Request } from './request.ts';

/** Answers go out in pieces of about this many characters: a write for each line would take longer than the lines. */
const pieceCharacters = 65_536;

/** Assesses the lines of stdin in their order; gives how many were refused. */
export async function assessLines(terminal: Terminal, _floorOnly: boolean): Promise<number> {
  let refused = 0;
  let waiting = '';
  for await (const line of readLines(process.stdin, requestBounds.lineCharacters)) {
    const request: Request =
      line.type === 'tooLong'
        ? { type: 'refused', reason: `is longer than ${requestBounds.lineCharacters} characters` }
        : readRequest(line.text);
    if (line.type === 'line' && line.text.trim() === '') continue;
    if (request.type === 'refused') {
      refused += 1;
      terminal.stderr.write(`line ${line.number}: ${request.reason}\n`);
      continue;
    }
    waiting += `${JSON.stringify(answerTo(request))}\n`;
    if (waiting.length < pieceCharacters) continue;
    terminal.stdout.write(waiting);
    waiting = '';
  }
  if (waiting !== '') terminal.stdout.write(waiting);
  return refused;
}

function answerTo(request: Exclude<Request, { readonly type: 'refused' }>): unknown {
  if (request.type === 'dialogue') {
    const { id, turns } = request.dialogue;
    return { id, ...assessDialogue(turns) };
  }
  const { id, text, question, lang } = request.utterance;
  return { id, ...assess(text, { question: question ?? null, ...(lang ? { lang } : {}) }) };
}
