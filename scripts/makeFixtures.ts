/**
 * Makes fixtures/audio again from its script: `node --import tsx scripts/makeFixtures.ts [folder]`. Needs espeak-ng.
 *
 * The callers of our tests and of the demo are synthesised on purpose: see fixtures/audio/README.md.
 */
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { encodeMulaw } from '../src/audio/mulaw.ts';
import { writeMulawWav } from '../src/audio/wav.ts';
import { speakRaw } from '../src/sandbox/voice/espeak.ts';
import { toLevel } from '../src/sandbox/voice/loudness.ts';
import { breath, clicks, cough, dtmf, joined, music, ringback, silence } from '../src/sandbox/voice/sounds.ts';
import { lineNoise, mixed, seededRandom, throughTelephoneBand } from '../src/sandbox/voice/telephoneLine.ts';

const speaker = z.object({ variant: z.string(), pitch: z.number(), rate: z.number(), levelDbfs: z.number() });
const phrase = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  language: z.string(),
  speaker: z.string(),
  text: z.string().min(1),
  /** The text with vowel marks, where espeak-ng would guess wrongly. */
  spoken: z.string().optional(),
  note: z.string(),
});
const script = z.object({ speakers: z.record(z.string(), speaker), phrases: z.array(phrase) });
type Script = z.infer<typeof script>;

const hissDbfs = -55;
const espeak = { command: 'espeak-ng' };

async function makePhrase(entry: Script['phrases'][number], speakers: Script['speakers'], folder: string) {
  const voice = speakers[entry.speaker];
  if (voice === undefined) throw new Error(`${entry.id}: no speaker named ${entry.speaker}`);
  const language = entry.language.startsWith('ar') ? 'ar' : 'en';
  const { variant, pitch, rate, levelDbfs } = voice;
  const marked = await speakRaw(espeak, { text: entry.spoken ?? entry.text, language, variant, pitch, rate });
  const plain = await speakRaw(espeak, { text: entry.text, language, variant, pitch, rate });
  if (marked.words.length !== plain.words.length) throw new Error(`${entry.id}: text and spoken differ in words`);
  // The catalogue shows words as the caller would write them, at the times of the marked text that was spoken.
  const words = marked.words.map((word, at) => ({ ...word, text: plain.words[at]?.text ?? word.text }));
  const voiced = toLevel(throughTelephoneBand(marked.samples), levelDbfs);
  const hiss = lineNoise(voiced.length, hissDbfs, seededRandom(entry.id.length * 7919 + voiced.length));
  const mulaw = encodeMulaw(mixed(voiced, hiss));
  const file = `phrases/${entry.id}.wav`;
  await writeFile(join(folder, file), writeMulawWav(mulaw));
  const durationMs = Math.round(mulaw.length / 8);
  const { id, text, speaker: name, note } = entry;
  return { id, language: entry.language, text, file, durationMs, words, speaker: name, note };
}

async function makeNoises(folder: string): Promise<void> {
  const random = seededRandom(20_260_101);
  const overHiss = (sound: Float64Array) => mixed(sound, lineNoise(sound.length, hissDbfs, random));
  const keys = Array.from('0123456789*#', (key) => joined(dtmf(key), silence(100)));
  const noises = {
    cough: overHiss(joined(cough(random), silence(50))),
    breath: overHiss(breath(random)),
    clicks: overHiss(clicks(random)),
    'line-noise': mixed(lineNoise(8 * 8000, -50, random)),
    dtmf: overHiss(joined(...keys)),
    ringback: overHiss(ringback('single425', 6000)),
    music: overHiss(throughTelephoneBand(music(6000))),
  };
  for (const [name, samples] of Object.entries(noises)) {
    await writeFile(join(folder, 'noises', `${name}.wav`), writeMulawWav(encodeMulaw(samples)));
  }
}

async function main(): Promise<void> {
  const home = fileURLToPath(new URL('../fixtures/audio', import.meta.url));
  const folder = process.argv[2] ?? home;
  const { speakers, phrases } = script.parse(JSON.parse(await readFile(join(home, 'script.json'), 'utf8')));
  await mkdir(join(folder, 'phrases'), { recursive: true });
  await mkdir(join(folder, 'noises'), { recursive: true });
  const catalogue = [];
  for (const entry of phrases) catalogue.push(await makePhrase(entry, speakers, folder));
  await writeFile(join(folder, 'phrases.json'), `${JSON.stringify({ phrases: catalogue }, null, 2)}\n`);
  await makeNoises(folder);
  console.log(`${catalogue.length} phrases and the noises are in ${folder}`);
}

await main();
