import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { migrations } from '../migrations/index.ts';

/** What holds for the whole repository and no compiler or linter can see. The arrows are those of the design, section 3. */

const root = path.resolve(import.meta.dirname, '..');
const notOurs = new Set(['node_modules', '.git', 'dist', 'demo', 'coverage', '.sanad']);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const at = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return folder === '.' && notOurs.has(entry.name) ? [] : filesBelow(at);
    return entry.isFile() && !/\.env$|\.log$|^bench-.*\.json$/.test(entry.name) ? [at] : [];
  });
}

const everything = filesBelow('.');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');
const typescript = everything.filter((file) => file.endsWith('.ts'));
const sources = typescript.filter((file) => file.startsWith('src/'));

/** Without comments and strings' contents, so that prose about a thing is not the thing. */
function code(file: string): string {
  return text(file)
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

function matchesIn(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) =>
    code(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  );
}

interface Arrow {
  readonly file: string;
  readonly target: string;
  readonly kind: 'type' | 'value';
}

function arrowsOf(file: string): readonly Arrow[] {
  const found = code(file).matchAll(
    /\b(?:import|export)\s+(?:(type)\s+)?([^;'"]*?)\s*from\s+'(\.[^']+)'|\bimport\s*\(?\s*'(\.[^']+)'/g,
  );
  return [...found].map((match): Arrow => {
    const names = (match[2] ?? '')
      .replace(/[{}]/g, '')
      .split(',')
      .filter((name) => name.trim() !== '');
    const onlyTypes = match[1] === 'type' || (names.length > 0 && names.every((name) => /^\s*type\s/.test(name)));
    const target = path.posix.join(path.posix.dirname(file), match[3] ?? match[4] ?? '');
    return { file, target, kind: onlyTypes ? 'type' : 'value' };
  });
}

/** `src/speech/azure/x.ts` → `speech`; a file directly in src → its name. */
function partOf(file: string): string {
  return file.split('/')[1] ?? file;
}

/** May be imported from everywhere but call: they know nothing of the application. */
const leaves = ['clock.ts', 'ids.ts', 'limits.ts', 'log.ts', 'metrics.ts', 'tracing.ts', 'text', 'audio'];

/**
 * What each part may import beside the leaves and itself. `values` are for running, `types` for naming; an entry is a part, or
 * one file of it where only that file is meant to be shared: a port, or words that both sides must spell alike.
 */
const allowed: Readonly<Record<string, { readonly values?: readonly string[]; readonly types?: readonly string[] }>> = {
  call: {},
  audio: {},
  text: {},
  embedded: {},
  twilio: { types: ['call', 'session/callDesk.ts'] },
  speech: { types: ['call'] },
  therapist: {
    types: ['call', 'speech/recogniser.ts', 'speech/synthesiser.ts'],
    values: ['call/meaning.ts', 'call/lineName.ts'],
  },
  risk: { types: ['call'], values: ['call/meaning.ts'] },
  store: {
    types: ['call', 'escalation', 'followUp', 'summary', 'referral', 'appointments'],
    // What is pure in them: when something is due, and what a row may become.
    values: [
      'call/meaning.ts',
      'migrations',
      'escalation/ids.ts',
      'escalation/timing.ts',
      'followUp/messageState.ts',
      'followUp/plan.ts',
      'followUp/quietHours.ts',
      'followUp/segments.ts',
      'followUp/sending/smsNumber.ts',
      'followUp/templates.ts',
      'followUp/wording.ts',
      'summary/summary.ts',
      'referral/service.ts',
      'appointments',
    ],
  },
  summary: { types: ['call', 'therapist'], values: ['call/meaning.ts', 'therapist/guard.ts', 'therapist/packs.ts'] },
  referral: { types: ['call'], values: ['escalation/emergencyNumbers.ts', 'escalation/rota.ts'] },
  appointments: {},
  callers: { types: ['call', 'store'] },
  escalation: { types: ['call', 'store', 'twilio'], values: ['call/meaning.ts'] },
  followUp: {
    types: ['call', 'store', 'twilio', 'escalation/model.ts'],
    // Replies are heard by the floor that hears calls.
    values: ['call/meaning.ts', 'risk', 'therapist/meaning.ts', 'therapist/packs.ts', 'twilio/smsErrors.ts'],
  },
  jobs: {
    types: ['call', 'settings.ts', 'risk', 'twilio', 'therapist'],
    values: ['store', 'escalation', 'followUp', 'summary', 'callers', 'call/meaning.ts', 'twilio/smsErrors.ts'],
  },
  session: {
    types: ['store/records.ts', 'speech', 'therapist', 'twilio/mediaStream.ts', 'risk', 'escalation/model.ts'],
    values: [
      'call',
      'therapist/prompt.ts',
      'escalation/ids.ts',
      'risk/contextual/combine.ts',
      'risk/contextual/latestOnly.ts',
    ],
  },
  http: { types: ['session', 'settings.ts', 'call', 'escalation', 'followUp'], values: ['twilio'] },
  staff: { types: ['call'], values: ['settings.ts', 'store', 'callers', 'escalation', 'followUp', 'jobs', 'risk'] },
  sandbox: {},
};

const wiring = (file: string) =>
  file === 'src/main.ts' ||
  file === 'src/wiring.ts' ||
  file === 'src/wiringEscalations.ts' ||
  file === 'src/wiringReferral.ts' ||
  file === 'src/wiringSms.ts' ||
  file.startsWith('src/staff/') ||
  file.startsWith('src/sandbox/demo/') ||
  // Puts people on the rota and reads what the database holds afterwards, as the demo does.
  file === 'src/sandbox/bench/escalation/records.ts';

function isAllowed({ file, target, kind }: Arrow): boolean {
  const [from, to] = [partOf(file), target.startsWith('src/') ? partOf(target) : (target.split('/')[0] ?? target)];
  if (from === to || wiring(file)) return true;
  if (from === 'sandbox') return to === 'audio';
  if (from !== 'call' && leaves.includes(to)) return true;
  const rule = allowed[from] ?? {};
  const names = [...(rule.values ?? []), ...(kind === 'type' ? (rule.types ?? []) : [])];
  return names.some((name) => name === to || `src/${name}` === target);
}

describe('the repository', () => {
  it('has no hook at the root of a test file, where it would run around every other test', () => {
    const rootHooks = matchesIn(
      typescript.filter((file) => file.endsWith('.test.ts')),
      /^(?:before|after)(?:Each)?\(/,
    );
    expect(rootHooks).to.deep.equal([]);
  });

  it('has import arrows that point one way', () => {
    const wrong = sources
      .flatMap(arrowsOf)
      .filter((arrow) => !isAllowed(arrow))
      .map(({ file, target, kind }) => `${file} imports ${kind === 'type' ? 'types' : 'values'} of ${target}`);
    expect(wrong).to.deep.equal([]);
  });

  it('sees an arrow that points the wrong way', () => {
    const arrow = (file: string, target: string, kind: Arrow['kind'] = 'value') => isAllowed({ file, target, kind });
    expect([
      arrow('src/call/reduce.ts', 'src/clock.ts', 'type'),
      arrow('src/twilio/twiml.ts', 'src/speech/recogniser.ts', 'type'),
      arrow('src/store/calls.ts', 'src/call/reduce.ts'),
      arrow('src/sandbox/carrier/carrier.ts', 'src/twilio/signature.ts'),
      arrow('src/http/app.ts', 'src/main.ts', 'type'),
    ]).to.deep.equal([false, false, false, false, false]);
    const seen = arrowsOf('src/settings.ts').length + arrowsOf('src/main.ts').length;
    expect(seen).to.be.greaterThan(10);
  });

  it('has a rule for each part of src', () => {
    const parts = new Set(sources.filter((file) => file.split('/').length > 2).map(partOf));
    expect([...parts].filter((part) => !(part in allowed))).to.deep.equal([]);
  });

  it('names its folders after what is in them', () => {
    const folders = new Set(typescript.flatMap((file) => path.posix.dirname(file).split('/')));
    expect(
      ['utils', 'util', 'helpers', 'managers', 'services', 'common', 'misc', 'lib', 'shared'].filter((name) =>
        folders.has(name),
      ),
    ).to.deep.equal([]);
  });

  it('names its files in camelCase, migrations with their number', () => {
    const style = (file: string) => {
      const name = path.posix.basename(file).replace(/(\.test)?\.(ts|mjs)$/, '');
      return (
        file.startsWith('migrations/') ? /^(\d{4}_)?[a-z][a-zA-Z0-9]*(_[a-z0-9]+)*$/ : /^[a-z][a-zA-Z0-9]*$/
      ).test(name);
    };
    const named = everything.filter((file) => /\.(ts|mjs)$/.test(file));
    expect(named.filter((file) => !style(file))).to.deep.equal([]);
  });

  it('keeps files short enough to be read in one go', () => {
    const lines = (file: string) =>
      code(file)
        .split('\n')
        .filter((line) => line.trim() !== '').length;
    const long = typescript.filter((file) => lines(file) > (file.startsWith('test/') ? 550 : 350));
    expect(long).to.deep.equal([]);
  });

  it('writes to the console only where a person sits before it', () => {
    const quiet = sources.filter((file) => !wiring(file));
    expect(matchesIn(quiet, /\bconsole\./)).to.deep.equal([]);
  });

  it('reads the environment in one place, and where a machine is set up before there are settings', () => {
    const others = sources.filter(
      (file) => file !== 'src/settings.ts' && !file.startsWith('src/embedded/') && !wiring(file),
    );
    expect(matchesIn(others, /\bprocess\.env\b/)).to.deep.equal([]);
  });

  it('leaves time, chance and the machine out of the decisions about a call', () => {
    const impure =
      /\bnew Date\b|\bDate\.|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b|\bperformance\.|\bprocess\.|from '(node:|[a-z@])/;
    expect(
      matchesIn(
        sources.filter((file) => file.startsWith('src/call/')),
        impure,
      ),
    ).to.deep.equal([]);
  });

  it('leaves nothing for later without a decision', () => {
    const later = new RegExp(
      `\\b(${['TO', 'FIX', 'XX'].map((start, i) => start + ['DO', 'ME', 'X'][i]).join('|')})\\b`,
    );
    const found = typescript.flatMap((file) =>
      text(file)
        .split('\n')
        .filter((line) => later.test(line) && !line.includes('docs/decisions/'))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('can take back every migration, and lists each file', () => {
    const files = everything.filter((file) => /^migrations\/\d{4}_/.test(file));
    expect(migrations.map(({ name }) => `migrations/${name}.ts`)).to.deep.equal([...files].sort());
    expect(migrations.filter(({ up, down }) => typeof up !== 'function' || typeof down !== 'function')).to.deep.equal(
      [],
    );
  });

  it('lets no server of the demo and the tests be reached from outside', () => {
    const local = sources.filter((file) => /^src\/(embedded|sandbox)\//.test(file));
    const open = /0\.0\.0\.0|'::'|\.listen\(\s*[\w.]*\s*\)|\.listen\(\s*[\w.]+\s*,\s*(\(|[a-z]\w*\s*=>)/;
    expect(matchesIn(local, open)).to.deep.equal([]);
  });

  it('names neither a machine it was written on nor a place its packages were fetched from', () => {
    const places = [
      ['/wo', 'rk/'],
      ['/ro', 'ot/'],
      ['/ho', 'me/'],
      ['registry.', 'npmjs'],
      ['.npm', '.pkg'],
    ].map((parts) => parts.join(''));
    const readable = everything.filter((file) => !/\.(wav|ulaw|mulaw|bin|png|ico)$/.test(file));
    const found = readable.flatMap((file) =>
      places.filter((place) => text(file).includes(place)).map((place) => `${file}: ${place}`),
    );
    expect(found).to.deep.equal([]);
  });
});

describe('the lockfile', () => {
  const packages = z
    .object({
      packages: z.record(
        z.string(),
        z.object({
          version: z.string().optional(),
          resolved: z.string().optional(),
          optionalDependencies: z.record(z.string(), z.string()).optional(),
        }),
      ),
    })
    .parse(JSON.parse(text('package-lock.json'))).packages;

  it('names no address, so that every mirror of the registry will do', () => {
    expect(Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined)).to.deep.equal([]);
  });

  it('holds the packages of every platform, without which npm ci refuses it anywhere', () => {
    // Some releases name platform packages that are not published; then an older release has to do.
    const missing = Object.entries(packages).flatMap(([name, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((wanted) => !(`node_modules/${wanted}` in packages) && !(`${name}/node_modules/${wanted}` in packages))
        .map((wanted) => `${name}: ${wanted}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it('holds the two versions that others cannot replace', () => {
    // msgpackr-extract 3.0.7 names platform packages that do not exist, and npm ci then refuses any lockfile.
    expect(packages['node_modules/msgpackr-extract']?.version).to.equal('3.0.4');
    // express-ws brings ws 7, which hands text and bytes over in another way.
    expect(packages['node_modules/express-ws/node_modules/ws']).to.equal(undefined);
    expect(packages['node_modules/ws']?.version).to.match(/^8\./);
  });
});

describe('the scripts of package.json', () => {
  it('become the program they start, since a shell between would not pass SIGTERM on', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(text('package.json')));
    const through = Object.entries(scripts).filter(([, script]) => script.includes('scripts/run.mjs'));
    expect(through.length).to.be.greaterThan(5);
    expect(through.filter(([, script]) => !script.startsWith('exec node '))).to.deep.equal([]);
  });
});
