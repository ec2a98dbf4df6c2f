import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { missingPackages } from '../../scripts/install.mjs';

describe('installing from the lockfile', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sanad-install-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function given(wanted: object, installed: object): void {
    mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    for (const name of Object.keys(installed)) mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
    writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }

  it('is needed in a fresh clone', () => {
    writeFileSync(
      path.join(folder, 'package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/pg': { version: '8' } } }),
    );
    expect(missingPackages(folder)).to.deep.equal(['node_modules/pg']);
  });

  it('is not needed when all is there but what belongs to other machines', () => {
    const pg = { 'node_modules/pg': { version: '8' } };
    given({ ...pg, 'node_modules/for-other': { version: '1', optional: true } }, pg);
    expect(missingPackages(folder)).to.deep.equal([]);
  });

  it('is needed when the lockfile has another version, also of an optional package', () => {
    given(
      { 'node_modules/pg': { version: '9' }, 'node_modules/extra': { version: '2', optional: true } },
      { 'node_modules/pg': { version: '8' }, 'node_modules/extra': { version: '1' } },
    );
    expect(missingPackages(folder)).to.deep.equal(['node_modules/pg', 'node_modules/extra']);
  });

  it('is needed when packages for development were left out', () => {
    given({ 'node_modules/tsx': { version: '4', dev: true } }, {});
    expect(missingPackages(folder)).to.deep.equal(['node_modules/tsx']);
  });

  it('is needed when a package was removed by hand', () => {
    given({ 'node_modules/pg': { version: '8' } }, { 'node_modules/pg': { version: '8' } });
    rmSync(path.join(folder, 'node_modules/pg'), { recursive: true });
    expect(missingPackages(folder)).to.deep.equal(['node_modules/pg']);
  });
});
