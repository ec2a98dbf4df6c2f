import type { Scenario } from './scenario.ts';
import { asksForAPerson } from './scenarios/asksForAPerson.ts';
import { backchannelAndFalseAlarm } from './scenarios/backchannelAndFalseAlarm.ts';
import { crisis } from './scenarios/crisis.ts';
import { conversation } from './scenarios/conversation.ts';
import { english } from './scenarios/english.ts';
import { followUp } from './scenarios/followUp.ts';
import { interruption } from './scenarios/interruption.ts';
import { nobodyAnswers } from './scenarios/nobodyAnswers.ts';
import { providerFailure } from './scenarios/providerFailure.ts';
import { serverRestart } from './scenarios/serverRestart.ts';
import { silence } from './scenarios/silence.ts';
import { smoke } from './scenarios/smoke.ts';

/** In the order of `--list`; the first is the usual one. */
export const scenarios: readonly Scenario[] = [
  conversation,
  interruption,
  backchannelAndFalseAlarm,
  silence,
  providerFailure,
  asksForAPerson,
  crisis,
  nobodyAnswers,
  followUp,
  english,
  serverRestart,
];

/** Not listed: run by `--smoke`. */
export const smokeScenario: Scenario = smoke;
