import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent } from '../../src/call/event.ts';
import { reduce } from '../../src/call/reduce.ts';
import type { CallState } from '../../src/call/state.ts';
import { CallScript, listeningWords, meaning } from './callScript.ts';

/** Every state of the floor, reached by a story, and every kind of event; the table is what the reducer does with each pair. */

const midReply = (): CallScript => {
  const call = new CallScript({ speculateAfterMs: null }).answered();
  call.says(1);
  return call.sounds(call.turn, [2_000, 1_500]).wait(400).hears(call.turn, { sentence: 0, ms: 400 });
};

const thinking = (): CallScript => {
  const call = new CallScript({ speculateAfterMs: null }).answered();
  return call.says(1);
};

const states: readonly { readonly name: string; readonly make: () => CallScript }[] = [
  {
    name: 'idle',
    make: () => {
      const call = midReply();
      call.tell({ type: 'streamLost' });
      return call;
    },
  },
  { name: 'listening', make: () => new CallScript().answered() },
  { name: 'callerSpeaking', make: () => new CallScript().answered().startsToSpeak().wait(400).hypothesis(1) },
  {
    name: 'pausing',
    make: () => new CallScript().answered().startsToSpeak().wait(400).hypothesis(1).pauses().wait(150),
  },
  {
    name: 'pausing, reply held',
    make: () => new CallScript().answered().startsToSpeak().wait(400).hypothesis(1).pauses().wait(250),
  },
  { name: 'thinking', make: thinking },
  { name: 'thinking, voice', make: () => thinking().startsToSpeak().wait(100) },
  { name: 'replying', make: midReply },
  { name: 'replying, voice', make: () => midReply().startsToSpeak().wait(100) },
  { name: 'interrupted, voice', make: () => midReply().startsToSpeak().wait(300) },
  { name: 'interrupted, still', make: () => midReply().startsToSpeak().wait(300).pauses().wait(100) },
  {
    name: 'announcing a person',
    make: () => {
      const call = midReply();
      call.tell({ type: 'digitPressed', digit: '0' });
      return call.sounds(call.turn, [3_000]).wait(200);
    },
  },
  {
    name: 'withPerson',
    make: () => {
      const call = midReply();
      call.tell({ type: 'digitPressed', digit: '0' });
      return call.speaks(call.turn, [1_000]);
    },
  },
  {
    name: 'closed',
    make: () => {
      const call = midReply();
      call.tell({ type: 'hungUp' });
      return call;
    },
  },
];

type MakeEvent = (state: CallState, at: number) => CallEvent;
const turnOf = (state: CallState): number => ('turn' in state.floor ? state.floor.turn : state.lastTurn);
const words = (utterance: number, part: Parameters<typeof meaning>[0], differs = false): MakeEvent => {
  return () => ({ type: 'wordsRecognised', utterance, text: 'كلمات', meaning: meaning(part), differs });
};

const events: readonly { readonly name: string; readonly make: MakeEvent }[] = [
  { name: 'speechStarted', make: (_, at) => ({ type: 'speechStarted', sinceMs: at }) },
  { name: 'speechPaused', make: (_, at) => ({ type: 'speechPaused', sinceMs: at }) },
  {
    name: 'wordsHypothesised (new)',
    make: () => ({ type: 'wordsHypothesised', utterance: 7, text: 'كلمات', meaning: meaning() }),
  },
  {
    name: 'wordsHypothesised (listening word)',
    make: () => ({ type: 'wordsHypothesised', utterance: 7, text: 'ايوه', meaning: listeningWords }),
  },
  { name: 'wordsRecognised (known, same)', make: words(1, {}) },
  { name: 'wordsRecognised (known, differs)', make: words(1, { wordCount: 5 }, true) },
  { name: 'wordsRecognised (new)', make: words(7, {}) },
  { name: 'wordsRecognised (listening word)', make: words(7, listeningWords) },
  { name: 'wordsRecognised (asks for a person)', make: words(7, { asks: 'human' }) },
  { name: 'wordsRecognised (high risk)', make: words(7, { risk: 'high' }) },
  { name: 'wordsVoided', make: () => ({ type: 'wordsVoided', utterance: 1 }) },
  { name: 'hearingLost', make: () => ({ type: 'hearingLost' }) },
  { name: 'hearingRestored', make: () => ({ type: 'hearingRestored' }) },
  { name: 'digitPressed (0)', make: () => ({ type: 'digitPressed', digit: '0' }) },
  { name: 'digitPressed (5)', make: () => ({ type: 'digitPressed', digit: '5' }) },
  { name: 'replySounded', make: (s) => ({ type: 'replySounded', turn: turnOf(s) }) },
  { name: 'replySounded (late)', make: (s) => ({ type: 'replySounded', turn: turnOf(s) - 1 }) },
  { name: 'sentenceSent', make: (s) => ({ type: 'sentenceSent', turn: turnOf(s), sentence: 0, durationMs: 2_000 }) },
  { name: 'replySent', make: (s) => ({ type: 'replySent', turn: turnOf(s), sentences: 2 }) },
  { name: 'replySent (nothing)', make: (s) => ({ type: 'replySent', turn: turnOf(s), sentences: 0 }) },
  { name: 'replyFailed (model)', make: (s) => ({ type: 'replyFailed', turn: turnOf(s), stage: 'model' }) },
  { name: 'replyFailed (voice)', make: (s) => ({ type: 'replyFailed', turn: turnOf(s), stage: 'voice' }) },
  {
    name: 'markReturned (last)',
    make: (s) => {
      const last = Math.max(0, (s.playout.reply?.sentencesMs.length ?? 1) - 1);
      const ms = s.playout.reply?.sentencesMs[last] ?? 2_000;
      return {
        type: 'markReturned',
        generation: s.playout.generation,
        turn: turnOf(s),
        position: { sentence: last, ms },
      };
    },
  },
  {
    name: 'markReturned (flushed by a clear)',
    make: (s) => ({
      type: 'markReturned',
      generation: s.playout.generation - 1,
      turn: turnOf(s),
      position: { sentence: 1, ms: 1_500 },
    }),
  },
  { name: 'streamStarted', make: () => ({ type: 'streamStarted' }) },
  { name: 'streamLost', make: () => ({ type: 'streamLost' }) },
  { name: 'personFinished (nobody)', make: () => ({ type: 'personFinished', outcome: 'nobody' }) },
  { name: 'personFinished (spoke)', make: () => ({ type: 'personFinished', outcome: 'spoke' }) },
  { name: 'faulted', make: () => ({ type: 'faulted' }) },
  { name: 'faultedAgain', make: () => ({ type: 'faultedAgain' }) },
  { name: 'hungUp', make: () => ({ type: 'hungUp' }) },
];

function cell(call: CallScript, make: MakeEvent): string {
  const before = call.state.floor.kind;
  const step = reduce(call.state, { at: call.at, event: make(call.state, call.at) });
  if (step.ignored !== null) return `· ${step.ignored}`;
  const after = step.state.floor.kind;
  const moved = after === before ? '' : `→ ${after}`;
  const orders = step.effects.map(short).join(', ');
  return [moved, orders].filter((part) => part !== '').join('; ') || 'noted';
}

function short(effect: CallEffect): string {
  if (effect.type === 'startReply') {
    return effect.source.kind === 'line' ? `say ${effect.source.line}` : `reply${effect.hold ? ' (held)' : ''}`;
  }
  if (effect.type === 'recordCaller') return `record ${effect.as}`;
  if (effect.type === 'recordReply') return 'record heard';
  const names: Partial<Record<CallEffect['type'], string>> = {
    holdReply: 'hold',
    releaseReply: 'release',
    dropReply: 'drop',
    clearPlayout: 'clear',
    resumeReply: 'say on',
  };
  return names[effect.type] ?? effect.type;
}

/** One section for each event: a line for each state of the floor. */
export function floorMatrix(): string {
  const sections = events.map(({ name, make }) => {
    const rows = states.map((state) => `| ${state.name} | ${cell(state.make(), make)} |`);
    return [`## ${name}`, '', '| floor | what happens |', '| --- | --- |', ...rows, ''].join('\n');
  });
  return [
    '# What the floor does with every event',
    '',
    'Made from the reducer by `test/call/matrix.test.ts`; do not edit. `·` says that nothing happens, and why. A changed line',
    'is a changed decision: read it in review. `UPDATE_MATRIX=1 npx mocha test/call/matrix.test.ts` writes this file anew.',
    '',
    ...sections,
  ].join('\n');
}
