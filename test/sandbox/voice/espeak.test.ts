import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { activeLevelDbfs, peak } from '../../../src/audio/levels.ts';
import { decodeMulaw } from '../../../src/audio/mulaw.ts';
import { EspeakError, speakWithEspeak } from '../../../src/sandbox/voice/espeak.ts';

describe("the sandbox's voice", function () {
  this.timeout(15_000);
  let folder = '';
  let command = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-'));
    command = join(folder, 'espeak-ng');
    const program = await readFile(join(import.meta.dirname, 'espeakStandIn.mjs'), 'utf8');
    await writeFile(`${command}.mjs`, program);
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${command}.mjs" "$@"\n`);
    await chmod(command, 0o755);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function refusal(speech: Promise<unknown>): Promise<EspeakError> {
    const error = await speech.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof EspeakError)) throw new Error(`not refused: ${String(error)}`);
    return error;
  }

  it('says each word at the time it tells', async () => {
    const { mulaw, words } = await speakWithEspeak({ command }, { text: 'one three, seventeen', language: 'en' });
    expect(words.map(({ text }) => text)).to.deep.equal(['one', 'three', 'seventeen']);
    // 40 ms for each character (the comma too) and 15 ms between words, after the 20 ms of lead.
    [20, 155, 410].forEach((wishedMs, at) => expect(words[at]?.offsetMs).to.be.within(wishedMs - 6, wishedMs + 6));
    [120, 240, 360].forEach((wishedMs, at) => expect(words[at]?.durationMs).to.be.within(wishedMs - 6, wishedMs + 6));
    expect(mulaw.length / 8).to.be.within(825, 835);
    const samples = decodeMulaw(mulaw);
    expect(peak(samples.subarray(0, 18 * 8))).to.be.below(200);
    expect(peak(samples.subarray(22 * 8, 60 * 8))).to.be.above(2000);
  });

  it('speaks at about -20 dBFS and never clips', async () => {
    const { mulaw } = await speakWithEspeak({ command }, { text: 'loud and clear', language: 'en' });
    expect(activeLevelDbfs(decodeMulaw(mulaw))).to.be.within(-21, -19);
    expect(peak(decodeMulaw(mulaw))).to.be.below(31_000);
  });

  it('says nothing for a text without a word', async () => {
    expect(await speakWithEspeak({ command }, { text: ' … – ', language: 'ar' })).to.deep.equal({
      mulaw: new Uint8Array(0),
      words: [],
    });
  });

  it('never lets a text reach the phoneme notation of the program', async () => {
    const { words } = await speakWithEspeak({ command }, { text: '[[hello]] there', language: 'en' });
    expect(words.map(({ text }) => text)).to.deep.equal(['hello', 'there']);
  });

  it('refuses, without the text in the message, when the program is missing, fails or is mute', async () => {
    const text = 'a secret sentence';
    const missing = await refusal(speakWithEspeak({ command: join(folder, 'none') }, { text, language: 'en' }));
    expect(missing.message).to.equal('espeak-ng could not be started');
    const env = (state: string) => ({ ...process.env, STAND_IN: state });
    const failing = await refusal(speakWithEspeak({ command, env: env('fails') }, { text, language: 'en' }));
    expect(failing.message).to.equal('espeak-ng ended with code 3');
    const mute = await refusal(speakWithEspeak({ command, env: env('mute') }, { text, language: 'en' }));
    expect(mute.message).to.equal('espeak-ng gave no sound');
  });
});
