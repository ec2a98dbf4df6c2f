import type { TurnTaking } from '../../call/settings.ts';
import type { LanguagePack } from '../../therapist/languagePack.ts';
import type { TurnRecord } from '../../store/records.ts';
import type { Callee, CallerLine, Delivery } from '../carrier/caller.ts';
import type { PhoneBehaviour } from '../carrier/phone.ts';
import type { LegReport } from '../carrier/legLog.ts';
import type { CallReport } from '../carrier/report.ts';
import type { SandboxProcess } from '../sandboxProcess.ts';
import type { EscalationTiming } from '../../escalation/timing.ts';
import type { Measures } from './measure.ts';
import type { KeptRecord } from './record.ts';
import type { DemoPerson } from './rota.ts';
import type { DemoStaff, DemoSummary } from './staff.ts';

/** What a scenario's caller has at hand: a mouth, ears, keys, and a hand on what goes wrong. */
export interface Play {
  readonly line: CallerLine;
  readonly say: (phrase: string) => Promise<void>;
  /** Until Sanad has finished and a polite moment has passed. */
  readonly untilQuiet: () => Promise<void>;
  /** Waits until it is quiet, then says the fixture phrase of that id. */
  readonly answer: (phrase: string) => Promise<void>;
  /** Says it into whatever Sanad is saying, once that has been going on for so long. */
  readonly sayOver: (phrase: string, afterMs: number) => Promise<void>;
  /** A sound that is no word, into whatever Sanad is saying; `as` is what the viewer reads. */
  readonly soundOver: (sound: SoundOver) => Promise<void>;
  readonly aside: (text: string) => void;
  readonly control: SandboxProcess['control'];
  /** What happens when the person of last resort is rung. */
  readonly setPhone: (callee: Callee | PhoneBehaviour) => void;
  /** What happens on the telephone of somebody on call. */
  readonly setPhoneOf: (number: string, callee: Callee | PhoneBehaviour) => void;
  /** The fixture phrase, for somebody else on the line to say. */
  readonly phrase: (id: string) => Uint8Array;
  readonly noise: (name: string) => Uint8Array;
  /** Speech of others, which the caller's recogniser does not know. */
  readonly voice: (name: string) => Uint8Array;
  /** Until a person who was rung and the caller hear each other, at most 90 s. */
  readonly bridged: () => Promise<void>;
  readonly replaceServer: () => Promise<void>;
}

/** When the call is over: the side of the staff, and the caller's telephone. */
export interface Afterwards {
  readonly staff: DemoStaff;
  readonly aside: (text: string) => void;
  /** A text message, as whoever is named reads it. */
  readonly message: (whose: string, text: string) => void;
  /** The summary of the call once it is written, at most 60 s; approved. */
  readonly summary: () => Promise<DemoSummary>;
  /** The caller writes to the line. */
  readonly write: (body: string) => Promise<void>;
  /** Until the caller's telephone has that text message, at most 30 s. */
  readonly delivered: (body: string) => Promise<void>;
  readonly setPhoneOf: (number: string, callee: Callee | PhoneBehaviour) => void;
  readonly phrase: (id: string) => Uint8Array;
  readonly voice: (name: string) => Uint8Array;
  /** Until nobody is being brought to the caller any more, at most 2 min. */
  readonly settled: () => Promise<void>;
}

export interface SoundOver extends Delivery {
  readonly afterMs: number;
  readonly as: string;
  readonly mulaw: Uint8Array;
}

/** A call that is over, as it was heard and kept. */
export interface PlayedCall {
  readonly report: CallReport;
  /** Every telephone of the call, the caller's own first; times since the carrier was started. */
  readonly legs: readonly LegReport[];
  readonly turns: readonly TurnRecord[];
  readonly measures: Measures;
  /** What the database says of the escalations afterwards. */
  readonly kept: KeptRecord;
}

export interface Scenario {
  readonly name: string;
  /** One sentence for `--list`. */
  readonly sentence: string;
  readonly language: LanguagePack['id'];
  readonly turnTaking?: Partial<TurnTaking>;
  /** Who is on call, the first of them first; nobody but the telephone of last resort when left out. */
  readonly onCall?: readonly DemoPerson[];
  /** Waves and rounds that are shorter than in life, so that they can be watched; the demo says so. */
  readonly escalationTiming?: Partial<EscalationTiming>;
  /** A script that runs to its end hangs up; `play.line.stay()` waits for Sanad to do it. */
  readonly caller: (play: Play) => Promise<void>;
  /** What happens in the days after the call, in seconds. */
  readonly afterwards?: (after: Afterwards) => Promise<void>;
  /** What did not happen as it must, judged by what was heard; empty when the call was right. */
  readonly faults: (call: PlayedCall) => readonly string[];
}
