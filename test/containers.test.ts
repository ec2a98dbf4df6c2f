import { existsSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';

/** Containers cannot be built where this suite runs; these are the rules that can be read off the files. */

const root = path.resolve(import.meta.dirname, '..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Stages of the Dockerfile, each with its instructions; continued lines joined, comments gone. */
function stages(): readonly (readonly Instruction[])[] {
  const lines = text('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  const found: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') found.push([]);
    found.at(-1)?.push({ name, rest });
  }
  return found;
}

const last = stages().at(-1) ?? [];
const of = (name: string) => last.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

describe('the image', () => {
  it('lets the server write nowhere but where it keeps spoken lines', () => {
    expect(of('RUN')).to.deep.equal(['install -d -o node -g node .sanad']);
  });

  it('starts each stage from the same Node that CI uses, by a version', () => {
    expect(stages().map(([from]) => from?.rest.split(' ')[0])).to.deep.equal(Array(3).fill('node:20-bookworm-slim'));
  });

  it('runs the built server as a user without rights, and not through npm or a shell, which keep signals back', () => {
    expect(of('USER')).to.deep.equal(['node']);
    expect(z.array(z.string()).parse(JSON.parse(of('CMD')[0] ?? ''))).to.deep.equal([
      'node',
      'dist/src/main.js',
      'serve',
    ]);
    expect(last.findIndex(({ name }) => name === 'USER')).to.be.lessThan(last.findIndex(({ name }) => name === 'CMD'));
  });

  it('holds no development packages, no sources and no secrets', () => {
    const copies = of('COPY');
    expect(copies).to.deep.equal([
      'package.json ./',
      '--from=packages /app/node_modules ./node_modules',
      '--from=build /app/dist ./dist',
    ]);
    const packages = stages()[1]
      ?.filter(({ name }) => name === 'RUN')
      .map(({ rest }) => rest);
    expect(packages).to.deep.equal(['npm ci --omit=dev --omit=optional --ignore-scripts']);
    expect(text('Dockerfile')).not.to.match(/_(KEY|TOKEN|PASSWORD)=/);
  });

  it('is healthy only when a call could be served', async function () {
    this.timeout(30_000);
    const [check = ''] = of('HEALTHCHECK');
    const command = z.array(z.string()).parse(JSON.parse(check.slice(check.indexOf('CMD ') + 4)));
    expect(command.slice(0, 2)).to.deep.equal(['node', '-e']);
    let status = 200;
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const run = async () => {
      const env = { ...process.env, PORT: String(port), NODE_OPTIONS: '' };
      const [code]: unknown[] = await once(spawn(process.execPath, command.slice(1), { env, stdio: 'ignore' }), 'exit');
      return code;
    };
    const ready = await run();
    status = 503;
    const notReady = await run();
    server.closeAllConnections();
    await once(server.close(), 'close');
    const away = await run();
    expect([ready, notReady, away, asked]).to.deep.equal([0, 1, 1, ['/health/ready', '/health/ready']]);
  });

  it('copies only what is there and is not kept out of the build', () => {
    const kept = new Set(
      text('.dockerignore')
        .split('\n')
        .filter((line) => line.startsWith('!'))
        .map((line) => line.slice(1)),
    );
    const copied = stages()
      .flat()
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(copied.filter((name) => !existsSync(path.join(root, name)) || !kept.has(name))).to.deep.equal([]);
    expect([...kept].filter((name) => !copied.includes(name))).to.deep.equal([]);
  });
});

const service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  env_file: z.string().optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: z.looseObject({}).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
/** YAML's merge key, which not every reader applies. */
const merged = z.preprocess((given) => {
  const own = z.record(z.string(), z.unknown()).parse(given);
  return { ...z.record(z.string(), z.unknown()).parse(own['<<'] ?? {}), ...own };
}, service);
const compose = z.object({ services: z.record(z.string(), merged), volumes: z.record(z.string(), z.unknown()) });

function readCompose() {
  // mocha's own YAML reader: a package just for this test would be one too many.
  const yaml: { load: (source: string) => unknown } = createRequire(createRequire(import.meta.url).resolve('mocha'))(
    'js-yaml',
  );
  return compose.parse(yaml.load(text('docker-compose.yml')));
}

describe('the composition', () => {
  const { services, volumes } = readCompose();

  it('has a server for calls, one for jobs, the migration, PostgreSQL and Redis', () => {
    expect(Object.keys(services).sort()).to.deep.equal(['app', 'migrate', 'postgres', 'redis', 'worker']);
    expect(Object.keys(volumes).sort()).to.deep.equal(['kept', 'postgres', 'redis']);
  });

  it('takes its secrets from files, so that none is in git or in a list of processes', () => {
    expect(text('docker-compose.yml')).not.to.match(/^\s*environment:/m);
    expect(
      ['app', 'worker', 'migrate', 'postgres'].filter((name) => services[name]?.env_file === undefined),
    ).to.deep.equal([]);
  });

  it('opens nothing to the outside but the port of the proxy, on this machine', () => {
    const open = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(open).to.deep.equal(['app 127.0.0.1:3000:3000']);
  });

  it('takes calls only after the migration, with healthy stores', () => {
    for (const name of ['app', 'worker']) {
      expect(services[name]?.depends_on).to.deep.equal({
        migrate: { condition: 'service_completed_successfully' },
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    }
    expect([services['postgres']?.healthcheck, services['redis']?.healthcheck].every(Boolean)).to.equal(true);
  });

  it('never lets Redis evict a job', () => {
    expect(services['redis']?.command?.join(' ')).to.match(/--maxmemory-policy noeviction/);
  });

  it('pins images to a version', () => {
    const images = Object.values(services)
      .map(({ image }) => image)
      .filter((image) => image !== 'sanad');
    expect(images.filter((image) => !/:\d/.test(image))).to.deep.equal([]);
  });
});
