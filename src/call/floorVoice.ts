import { ignore, moveFloor, patch, setDeadline, clearDeadline, type Draft } from './draft.ts';
import { callerPauses, callerSpeaks, dropSpeculation, settleBackchannel, type InFloor } from './floorMoves.ts';
import { nothingHeard, type Heard } from './state.ts';
import type { CallMs } from './time.ts';

/** The caller makes sound. Sound alone never drops a reply; it holds or silences it until words decide. */
export function speechStarted(draft: Draft, sinceMs: CallMs): void {
  const { floor, settings, playout } = draft.state;
  const { turnTaking } = settings;
  switch (floor.kind) {
    case 'listening':
      return callerSpeaks(draft, nothingHeard, sinceMs);
    case 'pausing':
      dropSpeculation(draft, floor);
      return callerSpeaks(draft, floor.speculation === null ? floor.heard : inVain(floor.heard), sinceMs);
    case 'callerSpeaking':
      return ignore(draft, 'the caller speaks already');
    case 'thinking':
      if (playout.reply?.interruptible === false) return ignore(draft, 'this line is said to its end');
      patch(draft, { floor: { ...floor, overVoiceSinceMs: sinceMs } });
      draft.effects.push({ type: 'holdReply', turn: floor.turn });
      return setDeadline(draft, 'bargeIn', Math.max(draft.at, sinceMs + turnTaking.bargeInMs));
    case 'replying':
      if (playout.reply?.interruptible === false) return ignore(draft, 'this line is said to its end');
      patch(draft, { floor: { ...floor, overVoiceSinceMs: sinceMs } });
      return setDeadline(draft, 'bargeIn', Math.max(draft.at, sinceMs + turnTaking.bargeInMs));
    case 'interrupted':
      return moveFloor(
        draft,
        { ...floor, voice: true },
        { unconfirmedVoice: draft.state.deadlines.unconfirmedVoice ?? draft.at + turnTaking.unconfirmedVoiceMs },
      );
    case 'idle':
    case 'withPerson':
    case 'closed':
      return ignore(draft, 'there is no stream to speak on');
  }
}

function inVain(heard: Heard): Heard {
  return { ...heard, speculated: heard.speculated + 1 };
}

/** The caller falls silent: a turn may be over, or an interruption may have been none. */
export function speechPaused(draft: Draft, sinceMs: CallMs): void {
  const { floor } = draft.state;
  switch (floor.kind) {
    case 'callerSpeaking':
      return callerPauses(draft, floor.heard, sinceMs, Math.max(0, sinceMs - floor.voiceSinceMs));
    case 'thinking':
      if (floor.overVoiceSinceMs === null) return ignore(draft, 'the pause was known');
      patch(draft, { floor: { ...floor, overVoiceSinceMs: null } });
      clearDeadline(draft, 'bargeIn');
      draft.effects.push({ type: 'releaseReply', turn: floor.turn });
      return;
    case 'replying':
      if (floor.overVoiceSinceMs === null) return ignore(draft, 'the pause was known');
      patch(draft, { floor: { ...floor, overVoiceSinceMs: null } });
      return clearDeadline(draft, 'bargeIn');
    case 'interrupted':
      if (floor.backchannel) return settleBackchannel(draft, floor);
      return interruptionPauses(draft, floor, sinceMs);
    case 'idle':
    case 'listening':
    case 'pausing':
    case 'withPerson':
    case 'closed':
      return ignore(draft, 'nobody was taken to be speaking');
  }
}

/** Words must confirm it soon. How long it may go on without any counts from its beginning, however often it breaks off. */
function interruptionPauses(draft: Draft, floor: InFloor<'interrupted'>, sinceMs: CallMs): void {
  const { unconfirmedVoice } = draft.state.deadlines;
  const confirmWords = sinceMs + draft.state.settings.turnTaking.confirmWordsMs;
  const kept = unconfirmedVoice === undefined ? {} : { unconfirmedVoice };
  moveFloor(draft, { ...floor, voice: false }, { confirmWords, ...kept });
}
