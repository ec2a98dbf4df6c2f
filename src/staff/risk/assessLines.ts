import { higherRisk } from '../../call/meaning.ts';
import { assess } from '../../risk/assess.ts';
import { assessDialogue } from '../../risk/course.ts';
import type { Terminal } from '../output.ts';
import { classifierOf, type Classify } from './classifier.ts';
import { readLines } from './lineReader.ts';
import { readRequest, requestBounds, type Request } from './request.ts';

/** Answers go out in pieces of about this many characters: a write for each line would take longer than the lines. */
const pieceCharacters = 65_536;
/** Lines that wait for a model's opinion at once. */
const atOnce = 16;

type Assessable = Exclude<Request, { readonly type: 'refused' }>;

/** Assesses the lines of `input` in their order; gives how many were refused. */
export async function assessLines(
  input: AsyncIterable<Uint8Array | string>,
  terminal: Terminal,
  { floorOnly }: { readonly floorOnly: boolean },
): Promise<number> {
  const classify = floorOnly ? null : await classifierOf(terminal);
  if (!floorOnly && classify === null)
    terminal.stderr.write('only the floor ran: there is neither OPENAI_API_KEY nor ANTHROPIC_API_KEY\n');
  const out = new Pieces(terminal);
  const pending: Promise<unknown>[] = [];
  const opinions = { missing: 0 };
  let refused = 0;
  for await (const line of readLines(input, requestBounds.lineCharacters)) {
    if (line.type === 'line' && line.text.trim() === '') continue;
    const request: Request =
      line.type === 'tooLong'
        ? { type: 'refused', reason: `is longer than ${requestBounds.lineCharacters} characters` }
        : readRequest(line.text);
    if (request.type === 'refused') {
      refused += 1;
      terminal.stderr.write(`line ${line.number}: ${request.reason}\n`);
    } else if (classify === null) out.put(byFloor(request));
    else {
      pending.push(inContext(request, classify, opinions));
      if (pending.length >= atOnce) out.put(await pending.shift());
    }
  }
  for (const answer of pending) out.put(await answer);
  out.end();
  if (opinions.missing > 0)
    terminal.stderr.write(`${opinions.missing} opinions were missing: there the floor stands\n`);
  return refused;
}

class Pieces {
  readonly #terminal: Terminal;
  #waiting = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  put(answer: unknown): void {
    this.#waiting += `${JSON.stringify(answer)}\n`;
    if (this.#waiting.length >= pieceCharacters) this.end();
  }

  end(): void {
    if (this.#waiting !== '') this.#terminal.stdout.write(this.#waiting);
    this.#waiting = '';
  }
}

function byFloor(request: Assessable) {
  if (request.type === 'dialogue') return { id: request.dialogue.id, ...assessDialogue(request.dialogue.turns) };
  const { id, text, question, lang } = request.utterance;
  return { id, ...assess(text, { question: question ?? null, ...(lang ? { lang } : {}) }) };
}

const usualLanguage = 'ar-OM';

/** Floor and classifier; each of the caller's turns is classified with what went before. */
async function inContext(request: Assessable, classify: Classify, opinions: { missing: number }) {
  if (request.type === 'utterance') {
    const { id, text, question, lang } = request.utterance;
    const floor = assess(text, { question: question ?? null });
    const asked = question ? [{ speaker: 'sanad', words: question } as const] : [];
    const level = await classify([...asked, { speaker: 'caller', words: text }], lang ?? usualLanguage, floor.level);
    if (level === null) opinions.missing += 1;
    return { id, level: level ?? floor.level, signals: floor.signals };
  }
  const { id, turns, lang } = request.dialogue;
  const floor = assessDialogue(turns);
  const levels = [];
  let highest = floor.levels[0] ?? 'none';
  for (const [at, { speaker }] of turns.entries()) {
    if (speaker !== 'caller') continue;
    const own = floor.levels[levels.length] ?? 'none';
    const before = turns.slice(0, at + 1).map((turn) => ({ speaker: turn.speaker, words: turn.text }));
    const level = await classify(before, lang ?? usualLanguage, own);
    if (level === null) opinions.missing += 1;
    highest = higherRisk(highest, level ?? own);
    levels.push(highest);
  }
  return { id, levels, level: levels.at(-1) ?? 'none' };
}
