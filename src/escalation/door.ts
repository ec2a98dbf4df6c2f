/** What the carrier's webhooks ask and report of an escalation. Each report is an event; each question is answered from what stands after it. */
import { briefingLanguage, briefingSentences, spokenLanguage, type BriefingLanguage } from './briefing.ts';
import type { RungTelephone } from './addresses.ts';
import type { Driver, Driven, Reading } from './drive.ts';
import { roomOf } from './ids.ts';
import type { LockedEscalation } from './ports.ts';
import type { Attempt, EscalationEvent, Leaving, Progress } from './snapshot.ts';

/** Why a person is not wanted any more. `unknown`: we know nothing of this telephone. */
export type NotWanted = 'taken' | 'callerGone' | 'unknown';

export type QuestionAnswer = { readonly kind: 'ask' } | Briefed | { readonly kind: 'over'; readonly why: NotWanted };

export interface Briefed {
  readonly kind: 'briefing';
  readonly sentences: readonly string[];
  readonly language: BriefingLanguage;
}

export type KeyAnswer =
  Briefed | { readonly kind: 'askAgain' } | { readonly kind: 'over'; readonly why: NotWanted | 'declined' | 'noKey' };

export type JoinAnswer =
  | { readonly kind: 'room'; readonly room: string; readonly language: BriefingLanguage }
  | { readonly kind: 'over'; readonly why: NotWanted };

export type Key = Extract<EscalationEvent, { type: 'keyPressed' }>['key'];

export type RoomNews =
  | { readonly kind: 'started' }
  | { readonly kind: 'joined'; readonly who: 'caller' | { readonly attemptId: string } }
  | { readonly kind: 'left'; readonly who: 'caller' | { readonly attemptId: string }; readonly leaving: Leaving };

/** Every method rejects when the database is away. */
export class EscalationDoor {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  async answered({ escalationId, attemptId }: RungTelephone, callSid: string): Promise<QuestionAnswer> {
    const event = { type: 'attemptProgressed', progress: 'answered', attemptId, callSid } as const;
    const done = await this.#driver.driveAnd(escalationId, event, briefingFor(attemptId));
    if (done === null) return { kind: 'over', why: 'unknown' };
    if (done.read !== null) return done.read;
    const why = notWanted(done.driven, attemptId);
    return why === null ? { kind: 'ask' } : { kind: 'over', why };
  }

  async key(
    { escalationId, attemptId }: RungTelephone,
    pressed: { readonly callSid: string; readonly key: Key; readonly asked: 'first' | 'last' },
  ): Promise<KeyAnswer> {
    const event = { type: 'keyPressed', attemptId, ...pressed } as const;
    const done = await this.#driver.driveAnd(escalationId, event, briefingFor(attemptId));
    if (done === null) return { kind: 'over', why: 'unknown' };
    if (done.read !== null) return done.read;
    if (pressed.key === '2') return { kind: 'over', why: 'declined' };
    const why = notWanted(done.driven, attemptId);
    if (why !== null || pressed.key === '1') return { kind: 'over', why: why ?? 'taken' };
    return pressed.asked === 'first' ? { kind: 'askAgain' } : { kind: 'over', why: 'noKey' };
  }

  async join({ escalationId, attemptId }: RungTelephone): Promise<JoinAnswer> {
    const done = await this.#driver.driveAnd(escalationId, { type: 'briefed', attemptId }, (locked, { escalation }) =>
      languageFor(locked, attemptOf(escalation.attempts, attemptId)),
    );
    if (done === null) return { kind: 'over', why: 'unknown' };
    const { escalation } = done.driven;
    const isTheirs = escalation.winner === attemptId && escalation.state !== 'closed';
    if (isTheirs) return { kind: 'room', room: roomOf(escalationId), language: done.read };
    return { kind: 'over', why: notWanted(done.driven, attemptId) ?? 'taken' };
  }

  /** The person is out of the room, whoever left first. */
  async left({ escalationId, attemptId }: RungTelephone): Promise<void> {
    await this.#driver.drive(escalationId, { type: 'personLeftRoom', attemptId });
  }

  async progressed(
    { escalationId, attemptId }: RungTelephone,
    report: { readonly callSid: string; readonly progress: Progress },
  ): Promise<void> {
    await this.#driver.drive(escalationId, { type: 'attemptProgressed', attemptId, ...report });
  }

  async takenFor({ escalationId, attemptId }: RungTelephone, answeredBy: string): Promise<void> {
    await this.#driver.drive(escalationId, { type: 'amd', attemptId, answeredBy });
  }

  async callerWaits(escalationId: string, room: string): Promise<void> {
    await this.#driver.drive(escalationId, { type: 'callerWaiting', room });
  }

  async room(escalationId: string, room: string, news: RoomNews): Promise<void> {
    await this.#driver.drive(escalationId, roomEvent(room, news));
  }
}

function roomEvent(room: string, news: RoomNews): EscalationEvent {
  if (news.kind === 'started') return { type: 'roomStarted', room };
  if (news.kind === 'joined')
    return news.who === 'caller'
      ? { type: 'callerInRoom', room }
      : { type: 'personInRoom', attemptId: news.who.attemptId, room };
  return news.who === 'caller'
    ? { type: 'callerLeftRoom', room, leaving: news.leaving }
    : { type: 'personLeftRoom', attemptId: news.who.attemptId };
}

function attemptOf(attempts: readonly Attempt[], attemptId: string): Attempt | undefined {
  return attempts.find(({ id }) => id === attemptId);
}

/** The briefing when this telephone has accepted, and only then. */
function briefingFor(attemptId: string): Reading<Briefed | null> {
  return async (locked, { escalation }) => {
    if (escalation.winner !== attemptId || escalation.state === 'closed') return null;
    const language = await languageFor(locked, attemptOf(escalation.attempts, attemptId));
    const briefing = await locked.briefing();
    return { kind: 'briefing', language, sentences: briefing === null ? [] : briefingSentences(briefing, language) };
  };
}

async function languageFor(locked: LockedEscalation, attempt: Attempt | undefined): Promise<BriefingLanguage> {
  const languages = attempt ? await locked.languagesOf(attempt.personId) : [];
  return briefingLanguage(languages, spokenLanguage(locked.language));
}

const goneOutcomes: ReadonlySet<string> = new Set(['callerGone', 'nobody', 'declined']);

/** Null: they may still take the call. */
function notWanted({ escalation }: Driven, attemptId: string): NotWanted | null {
  const attempt = attemptOf(escalation.attempts, attemptId);
  if (!attempt) return 'unknown';
  if (escalation.state === 'closed') return goneOutcomes.has(escalation.outcome ?? '') ? 'callerGone' : 'taken';
  if (escalation.winner !== null && escalation.winner !== attemptId) return 'taken';
  return ['released', 'tooLate', 'left'].includes(attempt.state) ? 'taken' : null;
}
