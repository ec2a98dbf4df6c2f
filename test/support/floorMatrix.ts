import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent } from '../../src/call/event.ts';
import type { RiskLevel } from '../../src/call/meaning.ts';
import { reduce } from '../../src/call/reduce.ts';
import { dueLine } from '../../src/call/safety.ts';
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

/** People are rung, for danger, and the caller has heard so; nobody speaks. */
const inDanger = (): CallScript => {
  const call = midReply().final(2, { risk: 'high' });
  return call.speaks(call.turn, [1_000, 1_000]);
};

/** People are rung because a person was asked for, and the caller has heard so. */
const asked = (): CallScript => {
  const call = midReply();
  call.tell({ type: 'digitPressed', digit: '0' });
  return call.speaks(call.turn, [1_000]);
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
    name: 'first response to danger',
    make: () => {
      const call = midReply().final(2, { risk: 'high' });
      return call.sounds(call.turn, [2_000, 2_000]).wait(200);
    },
  },
  { name: 'listening, people rung', make: inDanger },
  {
    name: 'listening, nobody came yet',
    make: () => {
      const call = asked().people('nobody');
      return call.speaks(call.turn, [1_000]);
    },
  },
  { name: 'thinking, people rung', make: () => inDanger().says(3) },
  {
    name: 'listening, person on the way',
    make: () => {
      const call = inDanger().people('accepted');
      return call.speaks(call.turn, [1_000]);
    },
  },
  {
    name: 'listening, direct question stands',
    make: () => {
      const call = new CallScript({ speculateAfterMs: null }).answered();
      call.says(1, { risk: 'moderate' });
      return call.speaks(call.turn, [1_000, 1_000]);
    },
  },
  {
    name: 'listening, consent question stands',
    make: () => {
      const call = new CallScript({ speculateAfterMs: null }).answered();
      call.tell({ type: 'consentLookedUp', open: ['keepWords', 'followUp', 'sms'] });
      call.says(1).speaks(call.turn, [1_000]).says(2, { asks: 'goodbye' });
      return call.speaks(call.turn, [1_000]);
    },
  },
  {
    name: 'listening, mood question stands',
    make: () => {
      const call = new CallScript({ speculateAfterMs: null }).answered();
      call.tell({ type: 'questionsAllowed', questions: ['mood'] });
      call.says(1).speaks(call.turn, [1_000]).says(2);
      return call.speaks(call.turn, [1_000, 1_000]);
    },
  },
  {
    name: 'saying goodbye',
    make: () => {
      const call = new CallScript({ speculateAfterMs: null }).answered();
      call.says(1, { asks: 'goodbye' });
      return call.sounds(call.turn, [2_000]).wait(200);
    },
  },
  {
    name: 'pause after goodbye',
    make: () => {
      const call = new CallScript({ speculateAfterMs: null }).answered();
      call.says(1, { asks: 'goodbye' });
      return call.speaks(call.turn, [2_000]).wait(200);
    },
  },
  {
    name: 'announcing the dialling',
    make: () => {
      const call = midReply().asksForDialling();
      return call.sounds(call.turn, [3_000]).wait(200);
    },
  },
  {
    name: 'dialling',
    make: () => {
      const call = midReply().asksForDialling();
      return call.speaks(call.turn, [1_000]);
    },
  },
  { name: 'in the room', make: () => inDanger().people('accepted').people('ready') },
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

const raised = (level: RiskLevel, source: 'classifier' | 'judge' | 'carried'): MakeEvent => {
  return () => ({ type: 'riskRaised', level, situation: null, source });
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
  { name: 'wordsRecognised (wants nobody)', make: words(7, { asks: 'noPerson' }) },
  { name: 'wordsRecognised (moderate risk)', make: words(7, { risk: 'moderate' }) },
  { name: 'wordsRecognised (high risk)', make: words(7, { risk: 'high' }) },
  { name: 'wordsRecognised (imminent risk)', make: words(7, { risk: 'imminent' }) },
  { name: 'wordsRecognised (yes)', make: words(7, { answer: 'yes', wordCount: 1, backchannel: true }) },
  { name: 'wordsRecognised (no)', make: words(7, { answer: 'no', wordCount: 1 }) },
  { name: 'riskRaised (moderate, classifier)', make: raised('moderate', 'classifier') },
  { name: 'riskRaised (high, judge)', make: raised('high', 'judge') },
  { name: 'riskRaised (high, carried)', make: raised('high', 'carried') },
  { name: 'wordsRecognised (takes consent back)', make: words(7, { consent: 'takesBackWords' }) },
  { name: 'consentLookedUp', make: () => ({ type: 'consentLookedUp', open: ['keepWords'] }) },
  { name: 'riskClarified', make: () => ({ type: 'riskClarified' }) },
  ...(['ringing', 'accepted', 'ready', 'dropped', 'nobody', 'unavailable'] as const).map((fact) => ({
    name: `escalationAdvanced (${fact})`,
    make: (s: CallState): CallEvent => ({ type: 'escalationAdvanced', escalation: s.escalations, fact }),
  })),
  {
    name: 'escalationAdvanced (ready, of an earlier one)',
    make: (s) => ({ type: 'escalationAdvanced', escalation: s.escalations - 1, fact: 'ready' }),
  },
  { name: 'wordsVoided', make: () => ({ type: 'wordsVoided', utterance: 1 }) },
  { name: 'hearingLost', make: () => ({ type: 'hearingLost' }) },
  { name: 'hearingRestored', make: () => ({ type: 'hearingRestored' }) },
  { name: 'digitPressed (0)', make: () => ({ type: 'digitPressed', digit: '0' }) },
  { name: 'digitPressed (1)', make: () => ({ type: 'digitPressed', digit: '1' }) },
  { name: 'digitPressed (2)', make: () => ({ type: 'digitPressed', digit: '2' }) },
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
  const waiting = dueLine(step.state);
  const due = waiting === dueLine(call.state) || waiting === null ? '' : `next ${waiting}`;
  return [moved, orders, due].filter((part) => part !== '').join('; ') || 'noted';
}

function short(effect: CallEffect): string {
  if (effect.type === 'startReply') {
    if (effect.source.kind === 'line') return `say ${effect.source.line}`;
    return `reply${effect.hold ? ' (held)' : ''}${effect.followedBy === null ? '' : ` and ${effect.followedBy}`}`;
  }
  if (effect.type === 'recordCaller') return `record ${effect.as}`;
  if (effect.type === 'recordReply') return 'record heard';
  const names: Partial<Record<CallEffect['type'], string>> = {
    holdReply: 'hold',
    releaseReply: 'release',
    dropReply: 'drop',
    clearPlayout: 'clear',
    resumeReply: 'say on',
    joinPerson: 'join the person',
    callOff: 'call off',
  };
  return names[effect.type] ?? effect.type;
}

/** One section for each event: a line for each state of the floor. */
export function floorMatrix(): string {
  // One story serves all events: the reducer changes nothing in place.
  const stories = states.map(({ name, make }) => ({ name, call: make() }));
  const sections = events.map(({ name, make }) => {
    const rows = stories.map((story) => `| ${story.name} | ${cell(story.call, make)} |`);
    return [`## ${name}`, '', '| floor | what happens |', '| --- | --- |', ...rows, ''].join('\n');
  });
  return [
    '# What the floor does with every event',
    '',
    'Made from the reducer by `test/call/matrix.test.ts`; do not edit. `·` says that nothing happens, and why. A changed line',
    'is a changed decision: read it in review. `next` is what became due with Sanad’s next words.',
    '`UPDATE_MATRIX=1 npx mocha test/call/matrix.test.ts` writes this file anew.',
    '',
    ...sections,
  ].join('\n');
}
