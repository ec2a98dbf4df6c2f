import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { assessLines } from '../../src/staff/risk/assessLines.ts';
import { sanad } from '../staff/consultation.ts';

const root = path.resolve(import.meta.dirname, '../..');

async function lines(input: readonly (string | Uint8Array)[]) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({ write: (text: string) => void (written[name] += text) });
  async function* chunks() {
    yield* input;
  }
  const terminal = { stdout: stream('stdout'), stderr: stream('stderr'), environment: {} };
  const refused = await assessLines(chunks(), terminal, { floorOnly: true });
  const answers = written.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: unknown; level: string; levels?: string[]; signals?: unknown[] });
  return { refused, answers, stderr: written.stderr };
}

describe('sanad risk assess --jsonl', () => {
  it('answers each line in its order, with ids of any kind as they were given', async () => {
    const ids = ['a', 7, 1.5, true, null, ''];
    const { answers, refused } = await lines(ids.map((id) => `${JSON.stringify({ id, text: 'أبا أقتل نفسي' })}\n`));
    expect(refused).to.equal(0);
    expect(answers.map(({ id }) => id)).to.deep.equal(ids);
    expect(answers.every(({ level }) => level === 'high')).to.equal(true);
  });

  it('reads an answer by its question, and a dialogue turn by turn', async () => {
    const question = 'تفكر تقتل نفسك؟';
    const turns = [
      { speaker: 'sanad', text: question },
      { speaker: 'caller', text: 'ايوه' },
      { speaker: 'caller', text: 'الليلة بنتحر' },
    ];
    const { answers } = await lines([
      `${JSON.stringify({ id: 1, text: 'ايوه', question, lang: 'ar-OM' })}\n${JSON.stringify({ id: 2, turns })}`,
    ]);
    expect(answers.map(({ level }) => level)).to.deep.equal(['high', 'imminent']);
    expect(answers[1]).to.deep.equal({ id: 2, levels: ['high', 'imminent'], level: 'imminent' });
  });

  it('names bad lines by their number, without their words, and goes on', async () => {
    const { answers, refused, stderr } = await lines([
      '{"id":1,"text":"hello"}\n',
      'secret words\n',
      '[]\n',
      '\n',
      '{"id":5}\n',
      '{"id":{},"text":"secret"}\n',
      '{"id":7,"text":4}\n',
      '{"id":8,"turns":[{"speaker":"doctor","text":"secret"}]}\n',
      `{"id":9,"text":"${'x'.repeat(60_000)}"}\n`,
      '{"id":10,"text":"bye"}',
    ]);
    expect(answers.map(({ id }) => id)).to.deep.equal([1, 10]);
    expect(refused).to.equal(7);
    expect(stderr.match(/^line \d+/gm)).to.deep.equal([
      'line 2',
      'line 3',
      'line 5',
      'line 6',
      'line 7',
      'line 8',
      'line 9',
    ]);
    expect(stderr).to.not.include('secret');
  });

  it('bears CRLF, a byte order mark, broken UTF-8, characters cut in two, no input and endless lines', async () => {
    const bytes = Buffer.from('\uFEFF{"id":1,"text":"أبا أقتل نفسي"}\r\n{"id":2,"text":"x"}\r\n');
    const cut = [bytes.subarray(0, 22), bytes.subarray(22)];
    const broken = Buffer.concat([Buffer.from('{"id":3,"text":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}\n')]);
    const endless = Array.from({ length: 40 }, () => 'y'.repeat(100_000));
    const { answers, refused } = await lines([...cut, broken, ...endless, '\n{"id":4,"text":"z"}']);
    expect(answers.map(({ id }) => id)).to.deep.equal([1, 2, 3, 4]);
    expect(answers[0]?.level).to.equal('high');
    expect(refused).to.equal(1);
    expect((await lines([])).answers).to.deep.equal([]);
  });

  it('runs as a command without settings, keys or database', async function () {
    this.timeout(30_000);
    const command = spawn('npm', ['run', '-s', 'sanad', '--', 'risk', 'assess', '--jsonl'], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
    const out = { stdout: '', stderr: '' };
    command.stdout.on('data', (data: Buffer) => (out.stdout += data.toString()));
    command.stderr.on('data', (data: Buffer) => (out.stderr += data.toString()));
    command.stdin.end('{"id":"x","text":"أبا أقتل نفسي"}\nnot json\n');
    const code = await new Promise((resolve) => command.on('close', resolve));
    expect(code).to.equal(1);
    expect(JSON.parse(out.stdout)).to.include({ id: 'x', level: 'high' });
    expect(out.stderr).to.include('only the floor ran').and.to.include('line 2: is not JSON');
  });
});

describe('sanad risk assess <text>', () => {
  it('shows clinicians the level, what happens then and why', async () => {
    const { code, stdout } = await sanad(['risk', 'assess', 'أبا أقتل نفسي الليلة']);
    expect(code).to.equal(0);
    expect(stdout).to.include('imminent: a human now, and emergency guidance in the same turn');
    expect(stdout).to.include('أبا أقتل نفسي الليلة').and.to.include('suicide');
  });

  it('gives the same as data', async () => {
    const { stdout } = await sanad(['risk', 'assess', 'ايوه', '--question', 'تفكر تقتل نفسك؟', '--json']);
    expect(JSON.parse(stdout)).to.include({ level: 'high' });
  });

  it('says how it is used when nothing is said', async () => {
    const { code, stderr } = await sanad(['risk', 'assess']);
    expect({ code, told: stderr.includes('--jsonl') }).to.deep.equal({ code: 2, told: true });
  });
});
