import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { fileFault, openDraft } from '../../src/staff/draftFile.ts';

describe('a file that staff write', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sanad-draft-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is there whole or not at all, and readable by its owner only', () => {
    const file = path.join(folder, 'a');
    const draft = openDraft(file);
    draft.write('one ');
    draft.write('اثنان');
    expect(readdirSync(folder)).to.not.include('a');
    draft.keep(false);
    draft.discard();
    expect(readdirSync(folder)).to.deep.equal(['a']);
    expect(readFileSync(file, 'utf8')).to.equal('one اثنان');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('replaces no file that somebody else made meanwhile, unless told to', () => {
    const file = path.join(folder, 'a');
    const draft = openDraft(file);
    draft.write('mine');
    writeFileSync(file, 'theirs');
    let fault: unknown;
    try {
      draft.keep(false);
    } catch (error) {
      fault = error;
    }
    expect(fileFault(fault)).to.equal('it is there already');
    draft.discard();
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).to.deep.equal([['a'], 'theirs']);
    const replacing = openDraft(file);
    replacing.write('mine');
    replacing.keep(true);
    expect(readFileSync(file, 'utf8')).to.equal('mine');
  });

  it('leaves nothing behind where no more fits', function () {
    this.timeout(20_000);
    // The shell's limit on the size of a file stops the writing in the middle, as a full disk does.
    const { stdout } = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -f 64; exec "$0" "$@"',
        process.execPath,
        'scripts/run.mjs',
        'test/staff/fillDisk.ts',
        path.join(folder, 'a'),
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).to.equal('it is larger than a file may be here');
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('has words for what the system says, and leaves other errors to others', () => {
    const full = Object.assign(new Error('no'), { code: 'ENOSPC', syscall: 'write' });
    expect(fileFault(full)).to.equal('the disk is full');
    expect(fileFault(new TypeError('ours'))).to.equal(null);
  });
});
