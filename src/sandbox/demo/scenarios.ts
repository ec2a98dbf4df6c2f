import type { Scenario } from './scenario.ts';
import { conversation } from './scenarios/conversation.ts';

/** In the order of `--list`; the first is the usual one. */
export const scenarios: readonly Scenario[] = [conversation];

/** Not listed: run by `--smoke`. */
export const smokeScenario: Scenario = conversation;
