import type { CallEffect } from './effect.ts';
import type { CallEvent } from './event.ts';
import { reduce } from './reduce.ts';
import type { LogEntry } from './replay.ts';
import { initialState, type Floor } from './state.ts';

/** A call's log as text: one line per decision. The legend stands in docs/timeline.md and is printed by `timelineLegend`. */
export function timeline(log: readonly LogEntry[], options: { readonly words: boolean }): readonly string[] {
  let state = initialState;
  return log.map(({ at, event, effects }) => {
    const step = reduce(state, { at, event });
    state = step.state;
    const orders = effects.map(describeEffect).join(' · ');
    const outcome = orders === '' ? (step.ignored === null ? '' : `— ${step.ignored}`) : `→ ${orders}`;
    const columns = [
      seconds(at),
      glyphs[state.floor.kind],
      state.safety.level.padEnd(8),
      describeEvent(event, options.words).padEnd(46),
    ];
    return `${columns.join('  ')} ${outcome}`.trimEnd();
  });
}

const glyphs: Readonly<Record<Floor['kind'], string>> = {
  idle: '··',
  listening: '○ ',
  callerSpeaking: '◀ ',
  pausing: '◁ ',
  thinking: '▷ ',
  replying: '▶ ',
  interrupted: '▮▮',
  withPerson: '☎ ',
  closed: '■ ',
};

export const timelineLegend: readonly string[] = [
  'seconds  floor  risk      what happened                                  → what was ordered, or — why nothing was',
  ...Object.entries(glyphs).map(([kind, glyph]) => `  ${glyph} ${kind}`),
];

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(8);
}

export function describeEvent(event: CallEvent, words: boolean): string {
  switch (event.type) {
    case 'wordsHypothesised':
    case 'wordsRecognised':
      return `${event.type} #${event.utterance} ${words ? `«${event.text}»` : `(${event.meaning.wordCount} words)`}`;
    case 'deadlineReached':
      return `deadline ${event.name}`;
    case 'markReturned':
      return `mark g${event.generation} reply ${event.turn} at ${event.position.sentence}:${event.position.ms}`;
    case 'sentenceSent':
      return `sentenceSent reply ${event.turn} #${event.sentence} (${event.durationMs} ms)`;
    case 'replySounded':
    case 'replySent':
      return `${event.type} ${event.turn}`;
    case 'replyFailed':
      return `replyFailed ${event.turn} (${event.stage})`;
    case 'digitPressed':
      return 'digitPressed';
    case 'personFinished':
      return `personFinished (${event.outcome})`;
    case 'riskRaised':
      return `riskRaised ${event.level} (${event.source})`;
    case 'questionsAllowed':
      return `questionsAllowed (${event.questions.join(', ')})`;
    case 'consentLookedUp':
      return `consentLookedUp (open: ${event.open.join(', ') || 'nothing'})`;
    case 'escalationAdvanced':
      return `escalation ${event.escalation}: ${event.fact}`;
    default:
      return event.type;
  }
}

function describeEffect(effect: CallEffect): string {
  switch (effect.type) {
    case 'startReply':
      return describeStart(effect);
    case 'resumeReply':
      return `resumeReply ${effect.turn} from ${effect.from.sentence}:${effect.from.ms}`;
    case 'recordCaller':
      return `record caller ${effect.as} ${effect.utterances.join('+')}`;
    case 'recordReply':
      return `record reply ${effect.turn}, heard ${effect.heard ? `${effect.heard.sentence}:${effect.heard.ms}` : 'nothing'}`;
    case 'clearPlayout':
      return `clear → g${effect.generation}`;
    case 'holdReply':
    case 'releaseReply':
    case 'dropReply':
      return `${effect.type} ${effect.turn}`;
    case 'sayByCarrier':
      return `sayByCarrier ${effect.line}`;
    case 'escalate':
      return `escalate ${effect.escalation} (${effect.reason})`;
    case 'callOff':
    case 'joinPerson':
      return `${effect.type} ${effect.escalation}`;
    case 'handOver':
      return `handOver (${effect.reason})`;
    case 'closeCall':
      return `closeCall (${effect.outcome})`;
    case 'recordMood':
      return `record mood ${effect.moment}`;
    case 'recordConsent':
      return `record consent ${effect.kind} ${effect.answer}`;
    case 'hangUp':
      return 'hangUp';
  }
}

function describeStart({
  turn,
  source,
  hold,
  preface,
  followedBy,
}: Extract<CallEffect, { type: 'startReply' }>): string {
  const what = source.kind === 'line' ? `line ${source.line}` : 'model';
  return `startReply ${turn} (${what}${hold ? ', held' : ''}${preface ? `, after ${preface}` : ''}${followedBy ? `, then ${followedBy}` : ''})`;
}
