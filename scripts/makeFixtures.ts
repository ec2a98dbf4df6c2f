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
import { spokenTokens } from '../src/sandbox/voice/wordTimings.ts';
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
const unknown = phrase.omit({ note: true, spoken: true });
const script = z.object({
  speakers: z.record(z.string(), speaker),
  phrases: z.array(phrase),
  /** What our callers say that is in no catalogue: it must not be taken for a phrase. */
  unknown: z.array(unknown),
});
type Script = z.infer<typeof script>;

const hissDbfs = -55;
const espeak = { command: 'espeak-ng' };

async function speakOnPhone(entry: Script['unknown'][number], spoken: string, speakers: Script['speakers']) {
  const voice = speakers[entry.speaker];
  if (voice === undefined) throw new Error(`${entry.id}: no speaker named ${entry.speaker}`);
  const language = entry.language.startsWith('ar') ? 'ar' : 'en';
  const { variant, pitch, rate, levelDbfs } = voice;
  const speech = await speakRaw(espeak, { text: spoken, language, variant, pitch, rate });
  const voiced = toLevel(throughTelephoneBand(speech.samples), levelDbfs);
  const hiss = lineNoise(voiced.length, hissDbfs, seededRandom(entry.id.length * 7919 + voiced.length));
  return { mulaw: encodeMulaw(mixed(voiced, hiss)), words: speech.words };
}

async function makePhrase(entry: Script['phrases'][number], speakers: Script['speakers'], folder: string) {
  const { id, language, text, note } = entry;
  const { mulaw, words } = await speakOnPhone(entry, entry.spoken ?? text, speakers);
  const written = spokenTokens(text);
  if (written.length !== words.length) throw new Error(`${id}: text and spoken differ in words`);
  const file = `phrases/${id}.wav`;
  await writeFile(join(folder, file), writeMulawWav(mulaw));
  const durationMs = Math.round(mulaw.length / 8);
  // The catalogue shows words as the caller would write them, at the times of the marked text that was spoken.
  const shown = words.map((word, at) => ({ ...word, text: written[at] ?? word.text }));
  return { id, language, text, file, durationMs, words: shown, speaker: entry.speaker, note };
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
  const {
    speakers,
    phrases,
    unknown: strangers,
  } = script.parse(JSON.parse(await readFile(join(home, 'script.json'), 'utf8')));
  await mkdir(join(folder, 'phrases'), { recursive: true });
  await mkdir(join(folder, 'noises'), { recursive: true });
  await mkdir(join(folder, 'unknown'), { recursive: true });
  const catalogue = [];
  for (const entry of phrases) catalogue.push(await makePhrase(entry, speakers, folder));
  await writeFile(join(folder, 'phrases.json'), `${JSON.stringify({ phrases: catalogue }, null, 2)}\n`);
  for (const entry of strangers) {
    const { mulaw } = await speakOnPhone(entry, entry.text, speakers);
    await writeFile(join(folder, 'unknown', `${entry.id}.wav`), writeMulawWav(mulaw));
  }
  await makeNoises(folder);
  console.log(`${catalogue.length} phrases, ${strangers.length} others and the noises are in ${folder}`);
}

await main();
