import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { filesIn, leaveFiles, prepareFolder } from '../../../src/sandbox/demo/leave.ts';
import { measure } from '../../../src/sandbox/demo/measure.ts';
import type { Performance } from '../../../src/sandbox/demo/perform.ts';
import { printRecord, type KeptRecord } from '../../../src/sandbox/demo/record.ts';
import { smoke } from '../../../src/sandbox/demo/scenarios/smoke.ts';
import type { CallReport } from '../../../src/sandbox/carrier/report.ts';

const report: CallReport = {
  callSid: 'CA',
  direction: 'inbound',
  startedAt: new Date(0),
  endedAt: new Date(0),
  endedBy: 'line',
  statuses: [],
  webhooks: [],
  uplink: new Uint8Array(160),
  downlink: new Uint8Array(160),
  uplinkSentAtMs: new Float64Array(0),
  downlinkHeardAtMs: new Float64Array(0),
  utterances: [],
  arrivals: [],
  timeline: [],
  said: [],
  warnings: [],
  errors: [],
  streams: 1,
  callerFault: null,
  children: [],
};

const played = (kept: KeptRecord): Performance => ({
  report,
  legs: [],
  steps: [],
  turns: [],
  shown: [],
  measures: measure(report),
  kept,
});

describe('the folder that a demo leaves its files in', () => {
  let scratch = '';
  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'sanad-demo-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  it('is made with every folder above it, and taken as it is when it is there', async () => {
    const folder = path.join(scratch, 'a', 'b');
    await prepareFolder(folder);
    await prepareFolder(folder);
    expect(existsSync(filesIn(folder).transcript)).to.equal(true);
  });

  it('is refused before anything is started, with what to do, when it cannot be written to', async () => {
    const file = path.join(scratch, 'file');
    writeFileSync(file, '');
    const refusals = await Promise.all(
      [path.join(file, 'x'), file, '/proc/x'].map((folder) =>
        prepareFolder(folder).then(
          () => 'taken',
          (error: unknown) => (error instanceof Error ? error.message.replace(/\(.*\)/, '(…)') : 'no error'),
        ),
      ),
    );
    const hint = 'Choose another folder: npm run demo -- --out DIR';
    expect(refusals).to.deep.equal([
      `Cannot write to ${path.join(file, 'x')} (…). ${hint}`,
      `Cannot write to ${file} (…). ${hint}`,
      `Cannot write to /proc/x (…). ${hint}`,
    ]);
  });

  it('holds the record of bringing a person when there was one, and none of an earlier call', async () => {
    const kept: KeptRecord = {
      escalations: [
        {
          id: 'a84db337',
          reason: 'risk',
          level: 'high',
          outcome: 'nobody',
          moves: [],
          telephones: [],
          briefing: 'kept',
        },
      ],
      tasks: [],
    };
    const left = await leaveFiles(scratch, smoke, played(kept));
    const file = filesIn(scratch).escalation;
    expect(left.escalation).to.equal(file);
    expect(readFileSync(file, 'utf8').split('\n').slice(2, -1)).to.deep.equal(printRecord(kept));
    const later = await leaveFiles(scratch, smoke, played({ escalations: [], tasks: [] }));
    expect([later.escalation, existsSync(file)]).to.deep.equal([null, false]);
  });
});
