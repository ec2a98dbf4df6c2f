import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LogEntry } from '../../src/call/replay.ts';
import { hashPassword } from '../../src/staff/access/password.ts';
import type { Role } from '../../src/staff/access/rights.ts';
import { sessionFileOrRefuse, writeSession } from '../../src/staff/access/sessionFile.ts';
import { tokenHash } from '../../src/staff/access/staffAccess.ts';
import { runSanad } from '../../src/staff/cli.ts';
import type { TerminalInput } from '../../src/staff/output.ts';
import { ensureOrganisation } from '../../src/store/organisations.ts';
import type { CallStarted, TurnRecord } from '../../src/store/records.ts';
import { createKeyKeeper } from '../../src/store/sealing.ts';
import { insertMember, openSession } from '../../src/store/staff.ts';
import { freshDataKey, line, openStore, started, turn, type Kept } from '../store/keeping.ts';
import { CallScript, meaning } from '../support/callScript.ts';
import { testDatabase } from '../support/servers.ts';
import type { Ran } from './consultation.ts';

/** A line with a real database, and its staff at their terminals: each has a folder of their own for the session file. */
export class StaffLine {
  readonly url: string;
  readonly dataKey: string;
  readonly number: string;
  readonly kept: Kept;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'sanad-staff-'));

  private constructor(url: string, dataKey: string, number: string) {
    this.url = url;
    this.dataKey = dataKey;
    this.number = number;
    const ownNumber = { name: 'Line under test', dialledNumber: number };
    this.kept = openStore(url, { keys: createKeyKeeper(dataKey), ownNumber });
  }

  static async open(): Promise<StaffLine> {
    return new StaffLine((await testDatabase()).url, freshDataKey(), line.dialledNumber);
  }

  /** Another organisation in the same database. */
  another(number: string): StaffLine {
    return new StaffLine(this.url, this.dataKey, number);
  }

  async close(): Promise<void> {
    await this.kept.writer.flush(1_000);
    await this.kept.database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async organisationId(): Promise<string> {
    const { database, keys } = this.kept;
    return (await ensureOrganisation(database, keys, { name: 'Line under test', dialledNumber: this.number })).id;
  }

  stateOf(who: string): string {
    return path.join(this.#folder, who);
  }

  environment(who: string): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.url,
      DATA_KEY: this.dataKey,
      TWILIO_PHONE_NUMBER: this.number,
      XDG_STATE_HOME: this.stateOf(who),
    };
  }

  /** `sanad …` at somebody's terminal; `typed` is what comes through stdin. */
  async run(
    who: string,
    words: readonly string[],
    options: { readonly typed?: string; readonly environment?: Readonly<Record<string, string | undefined>> } = {},
  ): Promise<Ran> {
    const written = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof written) => ({ write: (text: string) => void (written[name] += text) });
    const environment = { ...this.environment(who), ...options.environment };
    const code = await runSanad(words, {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      stdin: piped(options.typed ?? ''),
      environment,
    });
    return { code, ...written };
  }

  /** The same with `--json`, read. */
  async json(
    who: string,
    words: readonly string[],
    typed?: string,
  ): Promise<{ readonly code: number; readonly value: unknown }> {
    const { code, stdout } = await this.run(who, [...words, '--json'], typed === undefined ? {} : { typed });
    return { code, value: JSON.parse(stdout) as unknown };
  }

  /** An administrator, `aisha`, signed in at her terminal. */
  async withAdministrator(): Promise<void> {
    await this.#member('aisha', 'عائشة', ['administrator']);
  }

  /** A member of staff, signed in at a terminal of their own. */
  async withMember(login: string, ...roles: readonly Role[]): Promise<void> {
    await this.#member(login, `Member ${login}`, roles);
  }

  /** As the commands do it, without their half a second of hashing for each. */
  async #member(login: string, name: string, roles: readonly Role[]): Promise<void> {
    const organisationId = await this.organisationId();
    const { database, keys } = this.kept;
    const passwordHash = await (hashed ??= hashPassword(password));
    const token = randomBytes(32).toString('base64url');
    const expiresAt = await database.within(organisationId, async (tx) => {
      const member = { login, name, passwordHash, roles: [...roles], createdBy: null };
      const staffId = await insertMember(tx, keys, organisationId, member);
      return openSession(tx, { organisationId, staffId, tokenHash: tokenHash(token), seconds: 3_600 });
    });
    const file = sessionFileOrRefuse(this.environment(login), organisationId);
    writeSession(file, { organisationId, token, expiresAt });
  }

  /** A call that was taken and is over, as the server writes it. Gives its id. */
  async call(told: Told = {}): Promise<string> {
    const { writer } = this.kept;
    const record = started({ organisationNumber: this.number, ...told.started });
    const { callId, startedAt } = record;
    writer.append(record);
    writer.append({ type: 'callAnswered', callId, at: startedAt });
    for (const each of told.turns ?? usualTurns(callId)) writer.append({ ...each, callId });
    for (const { seq, at, event, effects } of told.log ?? usualLog())
      writer.append({ type: 'log', callId, seq, atMs: at, eventType: event.type, entry: { event, effects } });
    if (told.level !== undefined) writer.append({ type: 'riskRaised', callId, level: told.level });
    if (told.live !== true)
      writer.append({
        type: 'callEnded',
        callId,
        outcome: told.outcome ?? 'goodbye',
        endedAt: new Date(startedAt.getTime() + (told.seconds ?? 245) * 1_000),
        counters: { turns: 2, bargeIns: told.bargeIns ?? 0, falseBargeIns: 0 },
      });
    await writer.flush(5_000);
    return callId;
  }

  /** The call's request for a person. Gives the escalation's id. */
  async escalation(callId: string, trigger: string): Promise<string> {
    const escalationId = randomUUID();
    this.kept.writer.append({
      type: 'escalationRequested',
      escalationId,
      callId,
      at: new Date(),
      briefing: {
        level: 'high',
        reason: 'risk',
        language: 'ar-OM',
        trigger,
        about: 'self',
        means: ['medicine'],
        location: null,
        alone: 'yes',
        callerGender: 'unknown',
        child: false,
        overheard: false,
        refuses: false,
      },
    });
    await this.kept.writer.flush(5_000);
    return escalationId;
  }

  /** SQL in the organisation, past the commands. */
  async sql(statement: string, values: readonly (string | number | Date | null)[] = []): Promise<void> {
    await this.kept.database.within(await this.organisationId(), (tx) => tx.raw(statement, values));
  }
}

export interface Told {
  readonly started?: Partial<CallStarted>;
  readonly turns?: readonly TurnRecord[];
  readonly log?: readonly LogEntry[];
  readonly level?: 'low' | 'moderate' | 'high' | 'imminent';
  readonly outcome?: string;
  readonly seconds?: number;
  readonly bargeIns?: number;
  readonly live?: true;
}

export const password = 'four words of one person';
let hashed: Promise<string> | null = null;

export const callerWords = 'ضايق صدري من أيام';
export const heardWords = 'أنا هنا معك';
export const unheardWords = 'وأسمعك زين';

export function usualTurns(callId: string): readonly TurnRecord[] {
  return [
    turn(callId, 1, { text: callerWords, atMs: 6_000 }),
    turn(callId, 2, {
      speaker: 'sanad',
      text: `${heardWords} ${unheardWords}`,
      heardText: heardWords,
      interrupted: true,
      confidence: null,
      firstSoundMs: 640,
      atMs: 8_200,
    }),
  ];
}

/** A caller speaks, Sanad answers: decided by the real core. */
export function usualLog(): readonly LogEntry[] {
  const script = new CallScript().answered();
  script.startsToSpeak().wait(600);
  script.tell({ type: 'wordsHypothesised', utterance: 1, text: callerWords, meaning: meaning() });
  script.pauses().wait(1_500);
  return script.log;
}

function piped(text: string): TerminalInput {
  return {
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      if (text !== '') yield Buffer.from(`${text}\n`);
    },
  };
}
