import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { activeLevelDbfs, levelDbfs, peak } from '../../src/audio/levels.ts';
import { decodeMulaw } from '../../src/audio/mulaw.ts';
import { loadPhrases } from '../../src/sandbox/azureSpeech/phraseMatcher.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/audio');

describe("the callers' phrases", () => {
  it('sound as on a telephone: -24 to -17 dBFS, unclipped, heard within 200 ms', async () => {
    for (const { id, mulaw, words } of await loadPhrases(fixtures)) {
      const samples = decodeMulaw(mulaw);
      expect(activeLevelDbfs(samples), id).to.be.within(-24, -17);
      expect(peak(samples), id).to.be.below(32_000);
      expect(levelDbfs(samples.subarray(0, 1600)), `${id}: beginning`).to.be.above(-45);
      expect(words[0]?.offsetMs, id).to.equal(20);
    }
  });

  it('have their words in order, within the sound, each at least 40 ms long and audible', async () => {
    for (const { id, mulaw, words } of await loadPhrases(fixtures)) {
      const samples = decodeMulaw(mulaw);
      words.forEach(({ text, offsetMs, durationMs }, at) => {
        const before = words[at - 1];
        expect(offsetMs, `${id}: ${text}`).to.be.at.least((before?.offsetMs ?? 0) + (before?.durationMs ?? 0) - 1);
        expect(durationMs, `${id}: ${text}`).to.be.at.least(40);
        expect(offsetMs + durationMs, `${id}: ${text}`).to.be.at.most(mulaw.length / 8);
        const sound = samples.subarray(offsetMs * 8, (offsetMs + durationMs) * 8);
        expect(activeLevelDbfs(sound), `${id}: ${text}`).to.be.above(-40);
      });
    }
  });

  it('are many, each with an id of its own, in Omani Arabic first', async () => {
    const phrases = await loadPhrases(fixtures);
    expect(new Set(phrases.map(({ id }) => id)).size).to.equal(phrases.length);
    const count = (language: string) => phrases.filter((phrase) => phrase.language === language).length;
    expect(count('ar-OM')).to.be.at.least(30);
    expect([count('ar-SA'), count('en-GB')].every((n) => n >= 3)).to.equal(true);
  });

  it('stay under 3 MB with all the noises, and say plainly that nobody was recorded', async () => {
    const names = await readdir(fixtures, { recursive: true });
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(fixtures, name))).size));
    expect(sizes.reduce((a, b) => a + b, 0)).to.be.below(3_000_000);
    expect(await readFile(join(fixtures, 'README.md'), 'utf8')).to.include('No person was recorded');
  });
});
