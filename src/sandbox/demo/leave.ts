import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeMulaw } from '../../audio/mulaw.ts';
import { writePcmWav } from '../../audio/wav.ts';
import { timeline, timelineLegend } from '../../call/timeline.ts';
import type { Performance } from './perform.ts';
import { noPaint, printBlock } from './printBlock.ts';
import { printRecord } from './record.ts';
import type { Scenario } from './scenario.ts';
import { isolate, plainText } from './terminalText.ts';

/** What a call leaves behind, for listening and reading. */
export interface LeftFiles {
  readonly recording: string;
  readonly transcript: string;
  readonly timeline: string;
  /** What the database keeps of bringing a person; null when nobody was called for. */
  readonly escalation: string | null;
}

export function filesIn(folder: string): { readonly [Name in keyof LeftFiles]: string } {
  return {
    recording: path.join(folder, 'call.wav'),
    transcript: path.join(folder, 'transcript.txt'),
    timeline: path.join(folder, 'timeline.txt'),
    escalation: path.join(folder, 'escalation.txt'),
  };
}

/** Throws before anything was started when the folder cannot be written to. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(path.resolve(folder));
    await writeFile(filesIn(folder).transcript, '');
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Error(`Cannot write to ${folder} (${why}). Choose another folder: npm run demo -- --out DIR`, {
      cause: error,
    });
  }
}

/** Not `recursive`: Node's own way never ends where the file system answers ENOENT for a folder that cannot be (/proc/x). */
async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder).catch((error: unknown) => error);
  if (!(made instanceof Error) || !('code' in made) || made.code === 'EEXIST') return;
  if (made.code !== 'ENOENT' || path.dirname(folder) === folder) throw made;
  await makeFolder(path.dirname(folder));
  await mkdir(folder);
}

export async function leaveFiles(folder: string, scenario: Scenario, played: Performance): Promise<LeftFiles> {
  const files = filesIn(folder);
  const { uplink, downlink } = played.report;
  await writeFile(files.recording, writePcmWav([decodeMulaw(uplink), decodeMulaw(downlink)]));
  await writeFile(files.transcript, lines(transcript(scenario, played)));
  await writeFile(files.timeline, lines(wordedTimeline(played)));
  return { ...files, escalation: await leaveRecord(files.escalation, scenario, played) };
}

/** One of an earlier call must not lie beside the files of this one. */
async function leaveRecord(file: string, scenario: Scenario, { kept }: Performance): Promise<string | null> {
  if (kept.escalations.length === 0) {
    await rm(file, { force: true });
    return null;
  }
  const head = `Sanad, demo call "${scenario.name}": what the database keeps of bringing a person`;
  await writeFile(file, lines([head, '', ...printRecord(kept)]));
  return file;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

const transcriptWidth = 100;

function transcript(scenario: Scenario, { report, shown }: Performance): readonly string[] {
  return [
    `Sanad, demo call "${scenario.name}", ${report.startedAt.toISOString()}`,
    scenario.sentence,
    'Simulated: the carrier, the speech service and the language models are stand-ins; both voices are synthesised.',
    'Times are minutes:seconds of the call. Of what Sanad said, the words that were heard; what was not heard is marked.',
    '',
    ...shown.flatMap((block) => printBlock(block, transcriptWidth, noPaint)),
  ];
}

function wordedTimeline({ steps }: Performance): readonly string[] {
  const log = steps.map(({ at, event, effects }, seq) => ({ seq, at, event, effects }));
  return [...timelineLegend, '', ...timeline(log, { words: true }).map(isolateWords)];
}

/** Words stand between guillemets; isolated, they leave the columns beside them where they are. */
function isolateWords(line: string): string {
  return line.replace(/«([^»]*)»/g, (_whole, words: string) => `«${isolate(plainText(words))}»`);
}
