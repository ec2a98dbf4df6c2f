import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect } from 'chai';
import { benchInterruption, benchPhrases, benchSandbox } from '../../src/sandbox/bench/bench.ts';
import { lengthMs } from '../../src/sandbox/bench/callerVoice.ts';
import { forkChild } from '../../src/sandbox/bench/channel.ts';
import { invalidities } from '../../src/sandbox/bench/figures.ts';
import { measurePart, type PartMeasured } from '../../src/sandbox/bench/part.ts';
import { speakWithTones } from '../../src/sandbox/voice/toneVoice.ts';
import { startSandboxProcess, type SandboxProcess } from '../../src/sandbox/sandboxProcess.ts';
import { serverStartMs, testDatabase } from '../support/servers.ts';

const script = (name: string): string => path.resolve('scripts', name);
const carrier = {
  accountSid: `AC${'0'.repeat(31)}1`,
  authToken: 'sandbox-auth-token-0123456789',
  phoneNumber: '+96824000000',
};

/** Shorter than that of the real bench, so that there are some turns in a few seconds. */
const reply = 'أسمعك. خذ راحتك، أنا معك الحين.';

/** The harness itself, over three processes; what it measures on a machine that runs tests is no figure. */
describe('a very small bench', () => {
  let sandbox: SandboxProcess;
  let measured: PartMeasured;

  before(async function () {
    this.timeout(serverStartMs + 60_000);
    const database = await testDatabase();
    sandbox = await startSandboxProcess({ ...benchSandbox, modelReply: reply });
    const env = {
      ...process.env,
      ...sandbox.env,
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      DATA_KEY: randomBytes(32).toString('base64'),
      TWILIO_ACCOUNT_SID: carrier.accountSid,
      TWILIO_AUTH_TOKEN: carrier.authToken,
      TWILIO_PHONE_NUMBER: carrier.phoneNumber,
      LOG_LEVEL: 'warn',
    };
    measured = await measurePart({
      fixedPauseMs: 700,
      calls: 2,
      fewCalls: 2,
      seconds: 7,
      settleMs: 50,
      profileFile: null,
      callers: {
        ...carrier,
        audio: 'fixtures/audio',
        phrases: benchPhrases,
        interruption: benchInterruption,
        bargeInEvery: 2,
        replyMs: lengthMs(speakWithTones(reply).mulaw),
      },
      sandbox,
      startSanad: () => forkChild({ script: script('benchSanad.ts'), nodeOptions: ['--expose-gc'], env }),
      startCallers: () => forkChild({ script: script('benchCallers.ts'), env: process.env }),
      say: () => {},
    });
  });

  after(() => sandbox.stop());

  it('is one to be believed', () => {
    expect(invalidities('small', measured)).to.deep.equal([]);
  });

  it('counts turns, and that each was answered once', () => {
    const { turns, calls } = measured.callers;
    expect(calls).to.equal(2);
    expect(turns.length).to.be.within(2, 8);
    expect(turns.map(({ answered }) => answered)).to.deep.equal(turns.map(() => 'once'));
  });

  it('finds no answer before its floor: pause, first sentence, first audio', () => {
    const floorMs = 700 + 260 + 120;
    for (const { latencyMs } of measured.callers.turns) expect(latencyMs).to.be.within(floorMs - 30, floorMs + 2_000);
  });

  it('sees the sandbox take no less than it was told to take', () => {
    const { firstSentence, firstAudio } = measured.took;
    expect(Math.min(...firstSentence)).to.be.at.least(258);
    expect(Math.min(...firstAudio)).to.be.at.least(118);
    expect(firstSentence.length).to.be.at.least(2);
  });

  it('tells the processor time of the three processes apart', () => {
    const { sanadUsage, callersUsage, sandboxCpuMs } = measured;
    for (const cpuMs of [sanadUsage.cpuMs, callersUsage.cpuMs, sandboxCpuMs]) expect(cpuMs).to.be.within(1, 14_000);
    expect(sanadUsage.wallMs).to.be.within(6_900, 14_000);
    expect(measured.memory.all.rssMb).to.be.within(50, 1_000);
  });
});
