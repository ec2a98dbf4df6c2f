import { smallQuestionIn } from './asking.ts';
import { consentAskedBy, isForbidden } from './consent.ts';
import type { CallEffect } from './effect.ts';
import type { DeadlineName } from './event.ts';
import type { LineName } from './lineName.ts';
import { higherRisk, lowerRisk } from './meaning.ts';
import type { CallState, Floor } from './state.ts';

/** One of these deadlines must stand in each state of the floor, so that no state can last for ever in silence. */
const guards: Readonly<Record<Floor['kind'], readonly DeadlineName[]>> = {
  idle: ['lineLost'],
  listening: ['silence'],
  callerSpeaking: ['stuckVoice'],
  pausing: ['endOfTurn', 'awaitFinal', 'awaitWords'],
  thinking: ['firstSentence'],
  replying: ['playoutStall'],
  interrupted: ['confirmWords', 'unconfirmedVoice'],
  // The carrier holds the call and asks us when the person has left.
  withPerson: ['lineLost'],
  closed: [],
};

/** What must hold after every step, whatever came. Returns the rules that are broken, as sentences; the tests demand none. */
export function brokenInvariants(
  before: CallState,
  after: CallState,
  effects: readonly CallEffect[],
): readonly string[] {
  const broken: string[] = [];
  const demand = (holds: boolean, rule: string): void => {
    if (!holds) broken.push(rule);
  };
  const { floor, line, playout, deadlines, safety } = after;

  const guarded = guards[floor.kind].some((name) => deadlines[name] !== undefined);
  demand(floor.kind === 'closed' || before.line.kind === 'waiting' || guarded, `${floor.kind} must have a deadline`);
  demand(Object.values(deadlines).every(Number.isFinite), 'a deadline is a time');
  demand((floor.kind === 'closed') === (line.kind === 'over'), 'the floor is closed exactly when the call is over');
  demand(
    line.kind === 'up' || ['idle', 'withPerson', 'closed'].includes(floor.kind),
    'without a stream nobody has the floor',
  );
  const raised = higherRisk(before.safety.level, safety.level) === safety.level;
  const byOneStep = before.safety.level !== 'imminent' && lowerRisk(before.safety.level) === safety.level;
  demand(raised || (byOneStep && before.safety.asked >= 2), 'risk is lowered only by a clarification, by one step');
  const asked = playout.reply?.followedBy ?? sourceLine(after);
  const asks = consentAskedBy(asked);
  const asksSmall = smallQuestionIn(asked);
  demand(
    asksSmall === null || line.kind !== 'up' || !isForbidden(after),
    'nothing small is asked above low, nor beside help',
  );
  demand(new Set(after.asking.asked).size === after.asking.asked.length, 'each small question is asked once');
  demand(asks === null || line.kind !== 'up' || !isForbidden(after), 'consent is not asked above low, nor beside help');
  demand(
    Object.values(after.consent.asked).every((times) => times <= 2),
    'consent is asked twice at most',
  );
  demand(playout.generation >= before.playout.generation, 'generations only grow');
  demand(after.lastTurn >= before.lastTurn, 'turns only grow');

  const speaking = floor.kind === 'thinking' || floor.kind === 'replying' || floor.kind === 'interrupted';
  const hasReply = playout.reply !== null;
  const speculates = floor.kind === 'pausing' && floor.speculation !== null;
  demand(!speaking || playout.reply?.turn === floor.turn, 'the reply in hand is the one the floor waits for');
  demand(speaking || speculates || !hasReply || !playout.reply.sounded, 'nothing sounds while the turn is not Sanad’s');

  const started = effects.filter((effect) => effect.type === 'startReply');
  demand(started.length <= 1, 'one reply is begun at a time');
  demand(
    started.every((s) => s.hold || floor.kind === 'thinking'),
    'what may sound is begun only on Sanad’s turn',
  );
  demand(
    !effects.some((e) => e.type === 'releaseReply') || floor.kind === 'thinking',
    'a reply is released only on Sanad’s turn',
  );

  const heard = playout.reply?.heard;
  const sent = heard ? playout.reply?.sentencesMs[heard.sentence] : undefined;
  demand(!heard || sent === undefined || heard.ms <= sent, 'no more is heard than was sent');
  return broken;
}

function sourceLine({ playout }: CallState): LineName | null {
  return playout.reply?.source.kind === 'line' ? playout.reply.source.line : null;
}
