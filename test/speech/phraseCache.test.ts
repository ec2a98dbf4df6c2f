import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Clock, systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import type { AzureSpeechSandbox } from '../../src/sandbox/azureSpeech/server.ts';
import { azureSynthesiser } from '../../src/speech/azure/synthesiser.ts';
import { createPhraseCache, type PhraseCache, type PhraseCacheOptions } from '../../src/speech/phraseCache.ts';
import { packLine, unpackLine } from '../../src/speech/phraseFile.ts';
import { key, letterAudio, plan, recordLog, startService } from './azure/speechService.ts';

const voice = { language: 'ar-OM', name: 'ar-OM-AyshaNeural' } as const;
const other = { language: 'ar-OM', name: 'ar-OM-AbdullahNeural' } as const;
const lines = ['أهلا بك', 'لحظة من فضلك', 'أنا معك'];

/** Waits of seconds pass at once. */
const hastyClock: Clock = { ...systemClock, setTimeout: (run) => setTimeout(run, 0) };

describe('the fixed lines', () => {
  let service: AzureSpeechSandbox;
  let directory: string;

  beforeEach(async () => {
    service = await startService();
    directory = await mkdtemp(path.join(tmpdir(), 'sanad-phrases-'));
  });

  afterEach(async () => {
    await service.close();
    await rm(directory, { recursive: true, force: true });
  });

  const cache = (options: Partial<PhraseCacheOptions> = {}): PhraseCache =>
    createPhraseCache({
      open: azureSynthesiser({ key, host: service.host, clock: systemClock, log: silentLog }),
      log: silentLog,
      clock: hastyClock,
      directory,
      ...options,
    });

  it('are spoken once and are there from then on, with the times of their words', async () => {
    const phrases = cache();
    const first = await phrases.prepare(voice, lines);
    const second = await phrases.prepare(voice, lines);
    expect([first, second]).to.deep.equal([
      { fromMemory: 0, fromDisk: 0, spoken: 3, missing: [] },
      { fromMemory: 3, fromDisk: 0, spoken: 0, missing: [] },
    ]);
    expect(phrases.get(voice, 'أهلا بك')).to.deep.equal({
      mulaw: letterAudio('أهلا بك'),
      words: [
        { text: 'أهلا', offsetMs: 0, durationMs: 400 },
        { text: 'بك', offsetMs: 500, durationMs: 200 },
      ],
    });
  });

  it('are not there in another voice, another language or other words', async () => {
    const phrases = cache();
    await phrases.prepare(voice, lines);
    expect([phrases.get(other, 'أنا معك'), phrases.get(voice, 'أنا معكم')]).to.deep.equal([null, null]);
  });

  it('are there after a restart while the speech service is down', async () => {
    await cache().prepare(voice, lines);
    await service.close();
    const phrases = cache();
    expect(await phrases.prepare(voice, lines)).to.deep.equal({ fromMemory: 0, fromDisk: 3, spoken: 0, missing: [] });
    expect(phrases.get(voice, 'أنا معك')?.mulaw).to.deep.equal(letterAudio('أنا معك'));
    service = await startService();
  });

  it('are spoken anew at another speed', async () => {
    await cache({ variant: '-5%' }).prepare(voice, lines);
    expect((await cache({ variant: '0%' }).prepare(voice, lines)).spoken).to.equal(3);
  });

  it('are spoken anew when their file was damaged', async () => {
    await cache().prepare(voice, ['أنا معك']);
    const [file] = await readdir(directory);
    const whole = path.join(directory, file ?? '');
    const bytes = await readFile(whole);
    bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
    await writeFile(whole, bytes);
    const log = recordLog();
    expect(await cache({ log: log.log }).prepare(voice, ['أنا معك'])).to.include({ fromDisk: 0, spoken: 1 });
    expect(log.text()).to.contain('damaged');
  });

  it('are tried three times before they are given up, and say which is missing', async () => {
    plan(service, 'synthesis', { kind: 'stall', share: 0 }, 1);
    const open = azureSynthesiser({
      key,
      host: service.host,
      clock: systemClock,
      log: silentLog,
      timing: { firstByteMs: 30 },
    });
    expect(await cache({ open }).prepare(voice, ['أنا معك'])).to.include({ spoken: 1 });
    plan(service, 'synthesis', { kind: 'stall', share: 0 }, 3);
    expect(await cache({ open }).prepare(other, ['لحظة'])).to.deep.equal({
      fromMemory: 0,
      fromDisk: 0,
      spoken: 0,
      missing: [0],
    });
  });

  it('tell how far they are', async () => {
    const told: number[] = [];
    await cache().prepare(voice, lines, ({ done, total }) => told.push(done / total));
    expect(told).to.deep.equal([1 / 3, 2 / 3, 1]);
  });

  it('leave no connection open when they are ready', async () => {
    await cache().prepare(voice, lines);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(service.stats.connections.now).to.equal(0);
  });

  it('are kept in memory only when there is nowhere to keep them', async () => {
    const phrases = cache({ directory: null });
    expect((await phrases.prepare(voice, lines)).spoken).to.equal(3);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('are still said when the disk refuses them', async () => {
    const log = recordLog();
    const inTheWay = path.join(directory, 'a-file');
    await writeFile(inTheWay, '');
    const phrases = cache({ directory: path.join(inTheWay, 'phrases'), log: log.log });
    expect((await phrases.prepare(voice, ['أنا معك'])).spoken).to.equal(1);
    expect([phrases.get(voice, 'أنا معك') === null, log.text().includes('could not be kept on disk')]).to.deep.equal([
      false,
      true,
    ]);
  });
});

describe('the file of a fixed line', () => {
  const line = fc.record({
    mulaw: fc.uint8Array({ minLength: 1, maxLength: 400 }),
    words: fc.array(fc.record({ text: fc.string(), offsetMs: fc.nat(), durationMs: fc.nat() })),
  });

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(line, (given) => {
        expect(unpackLine(packLine(given))).to.deep.equal(given);
      }),
    );
  });

  it('is refused when it is cut or a bit of it has changed', () => {
    fc.assert(
      fc.property(line, fc.nat(), fc.integer({ min: 0, max: 7 }), (given, where, bit) => {
        const packed = packLine(given);
        const cut = packed.slice(0, where % packed.length);
        const changed = packed.slice();
        const at = where % packed.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect([unpackLine(cut), unpackLine(changed)]).to.deep.equal([null, null]);
      }),
    );
  });

  it('is refused, never thrown at, whatever is in it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => unpackLine(bytes) === null));
  });
});
