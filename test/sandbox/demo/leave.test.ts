import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { filesIn, prepareFolder } from '../../../src/sandbox/demo/leave.ts';

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
});
