/** What `npm run demo -- …` may say. */

export type DemoOrder =
  | {
      readonly kind: 'run';
      readonly scenario: string;
      readonly folder: string;
    }
  | { readonly kind: 'list' }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string };

const options = ['--list', '--help', '--smoke', '--out'];
/** Accepted, but not worth naming to someone who mistyped. */
const shortForms: Readonly<Record<string, string>> = { '-h': '--help', '-l': '--list', '-o': '--out' };

export interface KnownNames {
  readonly scenarios: readonly string[];
  /** Run when none is named, and for `--smoke`. */
  readonly usual: string;
  readonly smoke: string;
}

/** @param given what stands after the script's name */
export function readArguments(given: readonly string[], known: KnownNames): DemoOrder {
  let named: string | null = null;
  let folder: string | null = null;
  let smoke = false;
  const rest = given.flatMap((argument) => /^(--?[^=]+)=(.*)$/s.exec(argument)?.slice(1) ?? [argument]);
  for (let at = 0; at < rest.length; at += 1) {
    const argument = shortForms[rest[at] ?? ''] ?? rest[at] ?? '';
    if (argument === '--help') return { kind: 'help' };
    if (argument === '--list') return { kind: 'list' };
    if (argument === '--smoke') smoke = true;
    else if (argument === '--out') {
      at += 1;
      const value = rest[at] ?? '';
      if (value === '' || value.startsWith('-')) return refused('--out needs a folder, for example --out /tmp/call');
      folder = value;
    } else if (argument.startsWith('-')) {
      return refused(`there is no option ${shown(argument)}${suggestion(argument, options)}`);
    } else if (named !== null) {
      return refused(`one scenario at a time: ${shown(named)} or ${shown(argument)}`);
    } else if (!known.scenarios.includes(argument)) {
      return refused(`there is no scenario ${shown(argument)}${suggestion(argument, known.scenarios)}`);
    } else named = argument;
  }
  if (smoke && named !== null) return refused(`--smoke is a scenario of its own; leave out ${shown(named)} or --smoke`);
  const scenario = smoke ? known.smoke : (named ?? known.usual);
  return { kind: 'run', scenario, folder: folder ?? 'demo' };
}

function refused(message: string): DemoOrder {
  return { kind: 'refused', message };
}

/** What was typed goes back to the terminal without anything that could steer it. */
function shown(text: string): string {
  return `"${text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 40)}"`;
}

function suggestion(typed: string, names: readonly string[]): string {
  const nearest = nearestTo(typed, names);
  return nearest === null ? '' : `; did you mean ${nearest}?`;
}

/** Null when nothing is near: more than half of it would have to be typed anew. */
export function nearestTo(typed: string, names: readonly string[]): string | null {
  const short = typed.slice(0, 60).toLowerCase();
  const ranked = names
    .map((name) => ({ name, edits: name.startsWith(short) && short.length > 2 ? 0 : editsBetween(short, name) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(2, best.name.length / 2) ? best.name : null;
}

/** Levenshtein's distance. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

export const help: readonly string[] = [
  'A caller rings Sanad and talks with it, all on this machine: nothing leaves it and no account is needed.',
  '',
  '  npm run demo                          a conversation of about a minute',
  '  npm run demo -- --list                what else can happen',
  '  npm run demo -- interruption          one of these',
  '  npm run demo -- silence --out /tmp/x  leave the recording and the transcript in /tmp/x instead of demo/',
  '  npm run demo -- --smoke               a short call that checks itself, for the tests',
  '',
  'Ctrl-C stops everything. Without a terminal, or with CI or NO_COLOR set, whole lines are printed without colour.',
];
