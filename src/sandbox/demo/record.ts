import type { EscalationOutcome } from '../../escalation/model.ts';
import { broughtWords, escalationWords, telephoneWords } from './sceneWords.ts';
import { columns } from './terminalText.ts';

/** What the database keeps of a call's escalations, as lines of aligned columns. Times count from the request. */

export interface KeptEscalation {
  readonly id: string;
  readonly reason: string;
  readonly level: string;
  /** Null: still open. */
  readonly outcome: EscalationOutcome | null;
  readonly moves: readonly { readonly afterMs: number; readonly from: string; readonly to: string }[];
  readonly telephones: readonly KeptTelephone[];
  readonly briefing: 'kept' | 'none';
}

export interface KeptTelephone {
  readonly name: string;
  readonly round: number;
  readonly wave: number;
  readonly state: string;
  readonly rangMs: number | null;
  readonly answeredMs: number | null;
  readonly acceptedMs: number | null;
}

export interface KeptTask {
  readonly kind: 'automaticCallback' | 'humanCallback' | 'supervisor';
  readonly dueAt: Date;
  readonly state: string;
}

export interface KeptRecord {
  readonly escalations: readonly KeptEscalation[];
  readonly tasks: readonly KeptTask[];
}

/** Nothing when nobody was called for. */
export function printRecord({ escalations, tasks }: KeptRecord): readonly string[] {
  return [
    ...escalations.flatMap((escalation, at) => [...(at === 0 ? [] : ['']), ...printEscalation(escalation)]),
    ...(tasks.length === 0 ? [] : ['', 'Tasks that are left', ...indented(columns(taskRows(tasks)))]),
  ];
}

function printEscalation({ id, reason, level, outcome, moves, telephones, briefing }: KeptEscalation): string[] {
  const facts = [
    ['escalation', id.slice(0, 8)],
    ['because', reasonWords[reason] ?? reason],
    ['level', level],
    ['outcome', outcome === null ? 'still open' : broughtWords[outcome]],
    ['briefing', briefing === 'kept' ? "kept, sealed under the caller's own key" : 'none'],
  ];
  return [
    ...columns(facts),
    '',
    'What happened',
    ...indented(columns(moves.map(({ afterMs, from, to }) => [after(afterMs), `${from} → ${to}`]))),
    '',
    'Telephones',
    ...indented(columns([telephoneHead, ...telephones.map(telephoneRow)])),
  ];
}

const reasonWords: Readonly<Record<string, string>> = escalationWords;
const telephoneHead = ['round', 'wave', 'whose', 'rang', 'answered', 'took it', 'ended'];

function telephoneRow({ round, wave, name, state, ...times }: KeptTelephone): readonly string[] {
  const { rangMs, answeredMs, acceptedMs } = times;
  const ended = telephoneWords[state] ?? state;
  return [String(round), String(wave), name, after(rangMs), after(answeredMs), after(acceptedMs), ended];
}

const taskWords: Readonly<Record<KeptTask['kind'], string>> = {
  automaticCallback: 'Sanad calls back',
  humanCallback: 'a person calls back',
  supervisor: 'the supervisor follows it up',
};

function taskRows(tasks: readonly KeptTask[]): readonly (readonly string[])[] {
  return tasks.map(({ kind, dueAt, state }) => [taskWords[kind], `due ${muscatTime.format(dueAt)} in Muscat`, state]);
}

const muscatTime = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Muscat', timeStyle: 'medium' });

function after(ms: number | null): string {
  return ms === null ? '–' : `+${(ms / 1_000).toFixed(1)} s`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
