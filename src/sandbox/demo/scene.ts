import { remark, type Block, type Remark } from './block.ts';
import { carrierBlocks, legBlocks, type WhoseNumbers } from './legBlocks.ts';
import { higherRisk, type RiskLevel } from '../../call/meaning.ts';
import type { CallEffect } from '../../call/effect.ts';
import type { LineName } from '../../call/lineName.ts';
import type { ObservedStep, Saying } from '../../session/ports.ts';
import type { TurnRecord } from '../../store/records.ts';
import type { TimelineEntry } from '../carrier/report.ts';
import { escalationWords, faultText, handOverWords, outcomeWords, providerName } from './sceneWords.ts';
import { duration } from './terminalText.ts';

/** What of a call is shown: a fold over everything that is seen of it. Pure, so that each thing a viewer reads has its test. */

export type Seen =
  | { readonly type: 'step'; readonly step: ObservedStep }
  | { readonly type: 'record'; readonly record: TurnRecord }
  | { readonly type: 'failure'; readonly atMs: number; readonly provider: string; readonly fault: string }
  | { readonly type: 'carrier'; readonly atMs: number; readonly entry: TimelineEntry }
  /** On the telephone of a person who was rung. */
  | { readonly type: 'leg'; readonly atMs: number; readonly to: string; readonly entry: TimelineEntry }
  | { readonly type: 'message'; readonly atMs: number; readonly whose: string; readonly text: string }
  /** What a caller does beside words, told by the scenario: a cough makes no words anyone could show. */
  | { readonly type: 'aside'; readonly atMs: number; readonly text: string };

const quietSteps: ReadonlySet<string> = new Set(['speechStarted', 'speechPaused', 'markReturned', 'sentenceSent']);

/** Lines that no words of the caller brought about: they answer nothing, and nobody waited for them. */
const unasked: ReadonlySet<LineName> = new Set<LineName>([
  'greeting',
  'lineBack',
  'silenceFirst',
  'silenceSecond',
  'silenceGoodbye',
  'personLeft',
  'nobodyReached',
  'lengthNotice',
  'lengthGoodbye',
]);

export class Scene {
  #step: ObservedStep | null = null;
  #caller: { readonly atMs: number; readonly text: string } | null = null;
  #sanad: { readonly atMs: number; readonly line: LineName | null; readonly saying: Saying } | null = null;
  #source: { readonly turn: number; readonly line: LineName | null } | null = null;
  #risk: RiskLevel = 'none';
  #voiceSinceMs = 0;
  #lastVoicedMs: number | null = null;
  #firstSoundMs: number | null = null;
  #waiting: Block[] = [];
  #wasUp = false;
  #failed = new Set<string>();
  readonly #names: WhoseNumbers;

  /** @param names whose the telephones are that may ring */
  constructor(names: WhoseNumbers = new Map()) {
    this.#names = names;
  }

  /**
   * The blocks that are complete with this and do not change any more, in the order in which they began: what is complete
   * while something that began earlier still goes on waits for that, among the live ones.
   */
  take(seen: Seen): readonly Block[] {
    this.#waiting.push(...this.#blocksOf(seen));
    const open = this.#open();
    const since = Math.min(...open.map(({ atMs }) => atMs));
    const done = this.#waiting.filter(({ atMs }) => atMs <= since);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > since);
    return inOrder(done);
  }

  /** What is being said at this moment, and what came after its beginning. */
  live(): readonly Block[] {
    return inOrder([...this.#open(), ...this.#waiting]);
  }

  /** Everything that is left when the call is over. */
  end(): readonly Block[] {
    const left = this.live();
    this.#waiting = [];
    this.#caller = null;
    this.#sanad = null;
    return left;
  }

  #blocksOf(seen: Seen): readonly Block[] {
    switch (seen.type) {
      case 'step':
        return this.#takeStep(seen.step);
      case 'record':
        return this.#takeRecord(seen.record);
      case 'failure':
        return this.#takeFailure(seen);
      case 'carrier':
        return carrierBlocks(seen.atMs, seen.entry);
      case 'leg':
        return legBlocks(seen.atMs, this.#whose(seen.to), seen.entry);
      case 'message':
        return [{ kind: 'message', atMs: seen.atMs, whose: seen.whose, text: seen.text }];
      case 'aside':
        return [remark(seen.atMs, 'plain', '·', seen.text)];
    }
  }

  #whose(number: string): string {
    const name = this.#names.get(number);
    return name === undefined ? number : `${name} ${number}`;
  }

  #open(): readonly Block[] {
    const blocks: Block[] = [];
    if (this.#sanad !== null) {
      const { atMs, line, saying } = this.#sanad;
      const { heard, rest } = split(saying.text, saying.heard);
      blocks.push({ kind: 'sanad', atMs, line, heard, rest, speaking: true, firstSoundMs: this.#firstSoundMs });
    }
    if (this.#caller !== null) blocks.push({ kind: 'caller', as: 'speaking', patience: null, ...this.#caller });
    return blocks;
  }

  #takeStep(step: ObservedStep): readonly Block[] {
    const before = this.#step;
    this.#step = step;
    const { at, event, effects } = step;
    const blocks = [...this.#hear(step)];
    for (const effect of effects) {
      if (effect.type === 'startReply') {
        this.#source = { turn: effect.turn, line: effect.source.kind === 'line' ? effect.source.line : null };
        this.#failed.clear();
      }
      blocks.push(...this.#effectRemarks(step, effect));
    }
    if (event.type === 'replySounded') blocks.push(...this.#sounded(at, event.turn));
    blocks.push(...this.#stepRemarks(step, before));
    // A reply that is being dropped has no words any more; the last ones stay until its record tells what was heard.
    if (this.#sanad !== null && step.saying?.turn === this.#sanad.saying.turn)
      this.#sanad = { ...this.#sanad, saying: step.saying };
    return blocks;
  }

  /** Words of the caller, and the voice before there are words. */
  #hear({ at, event, effects, state }: ObservedStep): readonly Block[] {
    if (event.type === 'speechStarted') {
      this.#voiceSinceMs = event.sinceMs;
      this.#caller ??= { atMs: event.sinceMs, text: '' };
    } else if (event.type === 'speechPaused') {
      this.#lastVoicedMs = event.sinceMs;
      // A sound without words is nobody's turn; words that still come open it again.
      if (this.#caller?.text === '') this.#caller = null;
    } else if (event.type === 'wordsHypothesised') {
      this.#caller = { atMs: this.#caller?.atMs ?? this.#voiceSinceMs, text: event.text };
    } else if (event.type === 'wordsVoided') this.#caller = null;
    if (event.type !== 'wordsRecognised') return [];
    const atMs = this.#caller?.atMs ?? Math.min(at, this.#voiceSinceMs);
    this.#caller = null;
    const listening = effects.some((effect) => effect.type === 'recordCaller' && effect.as === 'backchannel');
    const floored = state.floor.kind === 'callerSpeaking' || state.floor.kind === 'pausing';
    const as = listening && !floored ? 'backchannel' : 'turn';
    const { ending, painful } = event.meaning;
    const patience = as !== 'turn' ? null : ending === 'trailing' ? 'unfinished' : painful ? 'painful' : null;
    return [{ kind: 'caller', atMs, as, text: event.text, patience }];
  }

  #sounded(at: number, turn: number): readonly Block[] {
    const line = this.#source?.turn === turn ? this.#source.line : null;
    this.#sanad = { atMs: at, line, saying: { turn, text: '', heard: '' } };
    const answers = line === null || !unasked.has(line);
    this.#firstSoundMs = answers && this.#lastVoicedMs !== null ? Math.max(0, at - this.#lastVoicedMs) : null;
    this.#lastVoicedMs = null;
    const [failed] = this.#failed;
    if (failed === undefined || line !== null) return [];
    this.#failed.clear();
    return [remark(at, 'good', '✓', `${providerName(failed === 'openai' ? 'anthropic' : 'openai')} answers instead`)];
  }

  #takeRecord(record: TurnRecord): readonly Block[] {
    if (record.speaker === 'caller') return [];
    const sanad = this.#sanad;
    this.#sanad = null;
    const { rest } = split(record.text, record.heardText ?? '');
    const firstSoundMs = this.#firstSoundMs;
    this.#firstSoundMs = null;
    return [
      {
        kind: 'sanad',
        atMs: record.atMs,
        line: sanad?.line ?? null,
        heard: record.heardText ?? '',
        rest,
        speaking: false,
        firstSoundMs,
      },
    ];
  }

  #takeFailure({ atMs, provider, fault }: Extract<Seen, { type: 'failure' }>): readonly Block[] {
    if (provider === 'openai' || provider === 'anthropic') this.#failed.add(provider);
    return [remark(atMs, 'fault', '✗', `${providerName(provider)}: ${faultText(fault)}`)];
  }

  #effectRemarks({ at, event, state, effects }: ObservedStep, effect: CallEffect): readonly Block[] {
    switch (effect.type) {
      case 'clearPlayout': {
        const byVoice = state.floor.kind === 'interrupted';
        const why = byVoice
          ? `Sanad falls silent, ${duration(at - this.#voiceSinceMs)} into the caller's voice`
          : event.type === 'digitPressed'
            ? 'Sanad falls silent for the key'
            : "Sanad falls silent for the caller's words";
        return [remark(at, 'barge', '▮▮', why)];
      }
      case 'resumeReply': {
        const { sentence, ms } = effect.from;
        const where = `${(ms / 1000).toFixed(1)} s into sentence ${sentence + 1}`;
        return [remark(at, 'good', '▶▶', `a false alarm: Sanad goes on from the last mark (${where})`)];
      }
      case 'recordReply': {
        // What is cut because somebody has come is told by their coming.
        const told = effects.some(
          ({ type }) => type === 'clearPlayout' || type === 'joinPerson' || type === 'handOver',
        );
        const confirmed = effect.interrupted && !told;
        return confirmed && this.#sanad !== null
          ? [remark(at, 'barge', '▮▮', 'words confirm the interruption: the rest is dropped')]
          : [];
      }
      case 'escalate':
        return [remark(at, 'risk', '☎', `people are rung, Sanad stays (${escalationWords[effect.reason]})`)];
      case 'callOff':
        return [remark(at, 'plain', '☎', 'the caller wants nobody: the telephones are released')];
      case 'joinPerson':
        return [remark(at, 'good', '☎', 'the person is in the room: the caller goes there, Sanad leaves the line')];
      case 'handOver':
        return [remark(at, 'plain', '☎', `a person is brought (${handOverWords[effect.reason]})`)];
      case 'sayByCarrier':
        return [remark(at, 'fault', '✗', "our own voice is down: the carrier's says the line")];
      case 'closeCall':
        return [remark(at, 'plain', '■', `the call is over: ${outcomeWords[effect.outcome]}`)];
      default:
        return [];
    }
  }

  #stepRemarks({ at, event, state }: ObservedStep, before: ObservedStep | null): readonly Remark[] {
    const remarks: Remark[] = [];
    if (quietSteps.has(event.type)) return remarks;
    const { level } = state.safety;
    if (higherRisk(level, this.#risk) !== this.#risk)
      remarks.push(remark(at, 'risk', '!', `risk ${this.#risk} → ${level}`));
    this.#risk = higherRisk(level, this.#risk);
    if (event.type === 'streamStarted') {
      remarks.push(remark(at, 'plain', '☎', this.#wasUp ? 'the line is back' : 'the line is up'));
      this.#wasUp = true;
    } else if (event.type === 'streamLost' && state.line.kind === 'down' && before?.state.line.kind === 'up')
      remarks.push(remark(at, 'plain', '☎', 'the stream has ended'));
    else if (event.type === 'hearingLost' && before?.state.hearing === 'up')
      remarks.push(remark(at, 'fault', '✗', 'hearing lost: what the caller says meanwhile is kept'));
    else if (event.type === 'hearingRestored')
      remarks.push(remark(at, 'good', '✓', 'hearing restored: what was kept is heard now'));
    else if (event.type === 'digitPressed') remarks.push(remark(at, 'plain', '#', `the caller presses ${event.digit}`));
    else if (event.type === 'deadlineReached' && event.name === 'silence')
      remarks.push(remark(at, 'plain', '…', 'silence'));
    else if (
      event.type === 'deadlineReached' &&
      event.name === 'firstSentence' &&
      before?.state.floor.kind === 'thinking'
    )
      remarks.push(remark(at, 'fault', '✗', 'no first sentence in time: a fixed line instead'));
    else if (event.type === 'replyFailed')
      remarks.push(remark(at, 'fault', '✗', `no reply could be made (${event.stage}): a fixed line instead`));
    else if (event.type === 'escalationAdvanced' && event.fact === 'accepted')
      remarks.push(remark(at, 'good', '☎', 'somebody has taken the call and is being told what it is about'));
    else if (event.type === 'escalationAdvanced' && event.fact === 'nobody')
      remarks.push(remark(at, 'fault', '☎', 'everybody was rung in vain; ringing goes on'));
    else if (event.type === 'escalationAdvanced' && event.fact === 'unavailable')
      remarks.push(remark(at, 'fault', '☎', 'nobody can be rung this way: the carrier dials'));
    else if (event.type === 'personFinished')
      remarks.push(remark(at, 'plain', '☎', event.outcome === 'spoke' ? 'the person has left' : 'nobody answered'));
    return remarks;
  }
}

/** Stable: of what began together, what was told first comes first. */
function inOrder(blocks: readonly Block[]): readonly Block[] {
  return blocks.toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * What was heard and what was not, of the whole. The heard words come from the provider's word times, without punctuation,
 * so they are counted, not compared.
 */
function split(text: string, heard: string): { readonly heard: string; readonly rest: string } {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const count = heard.split(/\s+/).filter((word) => word !== '').length;
  return { heard: words.slice(0, count).join(' '), rest: words.slice(count).join(' ') };
}
