import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { fetchDebianPackages } from '../../src/embedded/debianPackages.ts';
import { findOrFetch } from '../../src/embedded/fetchedProgram.ts';
import { bareMachine, program, temporaryFolder } from './processes.ts';

const order = { name: 'redis-server', packages: ['redis-server', 'redis-tools'], program: 'redis-server' };

/** apt and dpkg are stood in for by scripts, so that these tests need neither Debian nor a network. */
describe("fetching from Debian's packages", () => {
  const cleanUps: (() => void)[] = [];
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);

  afterEach(() => {
    lines.length = 0;
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  });

  function machine(apt: string, dpkg: string) {
    const folder = temporaryFolder(cleanUps);
    const keep = temporaryFolder(cleanUps);
    program(folder, 'apt-get', apt);
    program(folder, 'dpkg', dpkg);
    return bareMachine(keep, { programFolders: [folder] });
  }

  const cache = `for a in "$@"; do case "$a" in Dir::Cache=*) cache=\${a#Dir::Cache=};; esac; done`;
  const gives = `${cache}; case "$*" in *install*) echo "$*" > "$cache/archives/asked.deb";; esac`;
  const unpacks = `mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu/pulseaudio" "$3/usr/lib/x86_64-linux-gnu/data"; touch "$3/usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon-16.1.so"; cp "$2" "$3/usr/lib/asked"; printf '#!/bin/sh\\n' > "$3/usr/bin/redis-server"; chmod +x "$3/usr/bin/redis-server"`;

  it('unpacks what apt downloads below .sanad, with the path to its libraries, and tidies up', async () => {
    const from = machine(gives, unpacks);
    const root = path.join(from.keep, 'debian', 'redis-server');
    expect(await fetchDebianPackages(order, { machine: from, log })).to.deep.equal({
      kind: 'unpacked',
      unpacked: {
        root,
        programFolders: [path.join(root, 'usr/bin')],
        libraryPath: `${root}/usr/lib/x86_64-linux-gnu:${root}/usr/lib/x86_64-linux-gnu/pulseaudio:${root}/usr/lib`,
      },
    });
    expect(readdirSync(path.join(from.keep, 'debian'))).to.deep.equal(['redis-server']);
  });

  it('asks the network once: what was unpacked is used the next time', async () => {
    const from = machine(gives, unpacks);
    const search = { machine: from, log, fetch: 'allowed' } as const;
    const first = await findOrFetch(['redis-server'], order, search);
    program(from.programFolders[0] ?? '', 'apt-get', 'exit 100');
    expect(await findOrFetch(['redis-server'], order, search)).to.deep.equal(first);
    expect(lines).to.have.lengthOf(1);
  });

  it('says what apt said when the mirrors are out of reach', async () => {
    const from = machine(
      'echo "Err:1 http://mirror bookworm InRelease"; echo "  Could not resolve"; exit 100',
      'exit 1',
    );
    expect(await fetchDebianPackages(order, { machine: from, log })).to.deep.equal({
      kind: 'unavailable',
      why: 'apt-get update ended with 100: Err:1 http://mirror bookworm InRelease',
    });
    expect(readdirSync(path.join(from.keep, 'debian'))).to.deep.equal([]);
  });

  it('keeps nothing that lacks the program', async () => {
    const from = machine(gives, 'mkdir -p "$3/usr/share"');
    expect(await fetchDebianPackages(order, { machine: from, log })).to.deep.equal({
      kind: 'unavailable',
      why: 'redis-server, redis-tools: no redis-server in them',
    });
    expect(readdirSync(path.join(from.keep, 'debian'))).to.deep.equal([]);
  });

  it('does not try where there is no apt', async () => {
    const from = bareMachine(temporaryFolder(cleanUps));
    expect(await fetchDebianPackages(order, { machine: from, log })).to.deep.equal({
      kind: 'unavailable',
      why: 'apt-get and dpkg are not on this machine',
    });
  });
});
