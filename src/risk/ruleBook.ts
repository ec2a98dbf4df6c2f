import type { RiskDomain, RiskKind, RiskSubject } from './assessment.ts';
import type { RiskLevel } from '../call/meaning.ts';

/**
 * Families of what people say, over what their words say (src/risk/lexis.ts) and not over the words. A pattern is marks in order:
 * `a|b` one of several, `~n` at most n other words between (2 when nothing is said). Documented in docs/decisions/risk-floor.md.
 */
export interface Rule {
  readonly name: string;
  readonly kind: RiskKind;
  readonly domain: RiskDomain;
  readonly subject: RiskSubject;
  readonly level: RiskLevel;
  /** With words of now, today, tonight, tomorrow. */
  readonly soon?: RiskLevel;
  /** `plain`: a negation before it denies it. `own`: the pattern holds its own negation, or cannot be denied. */
  readonly negation: 'plain' | 'own';
  /** Said in so many words: it holds whatever the model makes of what stands around it. */
  readonly plain?: true;
  readonly patterns: readonly string[];
}

const active = 'want.1|intent|plan.1|think|think.1|wish.1|try|try.1|do.1|intent.strong|want';
const means = 'pills|poison|height|water|vehicle|firearm|blade|rope|fire';
const deadly = 'kill.1|hang.1|drown.1|burn.1|choke.1|stab.1|shoot.1|end.1|throwSelf.1|cut.1|crash.1';

const suicide: readonly Rule[] = [
  {
    name: 'killSelf',
    plain: true,
    kind: 'thoughts',
    domain: 'suicide',
    subject: 'self',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      `kill.1|hang.1|drown.1|burn.1|choke.1|stab.1|shoot.1|throwSelf.1 ~1 self1.reflexive`,
      'end.1|kill.1 ~1 life1.own',
      'suicide.will',
      `${active} ~3 suicide`,
      `${active} ~3 kill.self`,
      'kill.self',
    ],
  },
  {
    name: 'mightKillSelf',
    kind: 'thoughts',
    domain: 'suicide',
    subject: 'self',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      `${active} ~3 ${deadly} ~2 self1.reflexive|life1.own`,
      `${active} ~3 doIt`,
      'doIt ~3 soon|date',
      'soon|date ~3 doIt',
    ],
  },
  {
    name: 'intendSelf',
    kind: 'intent',
    domain: 'suicide',
    subject: 'self',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      'intent.strong|intent|plan.1 ~3 die.1|suicide|kill.self',
      'want.1|intent|plan.1|think.1 ~3 jump.1|throwSelf.1 ~4 height|water',
      'want.1|intent|plan.1|think.1 ~3 swallow.1 ~3 lots ~2 pills|poison',
      'want.1|intent|plan.1 ~3 swallow.1 ~3 pills|poison ~3 lots',
      'throwSelf.1 ~2 self1 ~4 height|water|vehicle',
      'date ~5 die.1|kill.self|end.1',
    ],
  },
  {
    name: 'meansAndIntent',
    kind: 'means',
    domain: 'suicide',
    subject: 'self',
    level: 'imminent',
    negation: 'plain',
    patterns: [
      `handHold ~3 ${means} ~8 end.1|die.1|kill.1|kill.self|throwSelf.1|jump.1|rest.1|suicide.1`,
      `${means} ~3 handHold ~8 end.1|die.1|kill.1|kill.self|throwSelf.1|jump.1|rest.1|suicide.1`,
      `end.1|die.1|kill.1|kill.self|throwSelf.1|jump.1|rest.1|suicide.1 ~6 ${means} ~3 handHold`,
      'edge ~10 jump.1|throwSelf.1|die.1|end.1|kill.self|rest.1',
      'jump.1|throwSelf.1|kill.self ~6 edge',
    ],
  },
  {
    name: 'attemptNow',
    kind: 'attempt',
    domain: 'overdose',
    subject: 'self',
    level: 'imminent',
    negation: 'plain',
    // Whatever stands around it: a wrong ambulance is less than a missed one.
    plain: true,
    patterns: [
      'swallow.1 ~2 lots ~3 pills',
      'swallow.1 ~3 pills ~2 lots',
      'swallow.past ~2 poison',
      'swallow.1 ~2 poison',
      'overdose ~3 justNow',
      'cut.past ~2 self1.body',
    ],
  },
  {
    name: 'wishDead',
    kind: 'wish',
    domain: 'suicide',
    subject: 'self',
    level: 'moderate',
    negation: 'plain',
    patterns: [
      'want.1|wish|wish.1 ~3 die.1|die.noun|vanish.1|dead1',
      'want.1|wish.1 ~2 rest.1 ~3 world',
      'god ~2 prayDeath',
      'prayDeath',
      'die.noun|die.1 ~2 better',
      'better ~3 die.1|die.noun',
      'rest.1 ~3 die.1|die.noun|grave',
    ],
  },
  {
    name: 'wishNotToLive',
    kind: 'wish',
    domain: 'suicide',
    subject: 'self',
    level: 'moderate',
    negation: 'own',
    patterns: [
      'neg ~2 want.1|want ~2 live.1|live|life1|world',
      'wish|wish.1|want.1|god ~4 neg ~2 wake.1|wake|born.1|born|live.1',
      'sleep.1|sleep ~3 neg ~2 wake.1|wake',
      'fedup|hate.1 ~2 world|life1.own|live',
      'cantBear ~3 live|world|life1.own',
      'neg ~1 reason ~2 live',
    ],
  },
  {
    name: 'burden',
    kind: 'burden',
    domain: 'suicide',
    subject: 'self',
    level: 'moderate',
    negation: 'own',
    patterns: [
      'better|betterOff ~3 without1',
      'without1 ~3 better|betterOff',
      'burden ~3 burdenOn',
      'i ~2 burden',
      'cease',
    ],
  },
  {
    name: 'farewell',
    kind: 'farewell',
    domain: 'suicide',
    subject: 'self',
    level: 'moderate',
    negation: 'own',
    patterns: [
      'farewell ~6 farewell',
      'note',
      'farewell ~5 without1',
      'give.1 ~3 farewell',
      'oneSolution',
      'calm ~6 farewell|oneSolution',
    ],
  },
  {
    name: 'goodbyeWithDeath',
    kind: 'farewell',
    domain: 'suicide',
    subject: 'self',
    level: 'high',
    soon: 'imminent',
    negation: 'own',
    patterns: [
      'note ~8 end.1|die.1|soon|kill.self',
      'farewell ~6 kill.self|suicide.1|die.1',
      'forgiveQ ~5 kill.self|suicide|kill.1|die.1',
      'kill.self|suicide ~5 forgiveQ',
    ],
  },
  {
    name: 'selfInjury',
    kind: 'selfInjury',
    domain: 'selfHarm',
    subject: 'self',
    level: 'moderate',
    negation: 'plain',
    patterns: ['hurt.1|cut.1|burn.1|hit.1|starve.1|cut|hurt ~1 self1.reflexive|self1.body', 'selfHarm'],
  },
  {
    name: 'lethality',
    kind: 'lethality',
    domain: 'suicide',
    subject: 'unknown',
    level: 'moderate',
    negation: 'own',
    patterns: ['lethality ~5 die|kill|pills|poison|height', 'pills|poison|height ~5 lethality'],
  },
  {
    name: 'topic',
    kind: 'topic',
    domain: 'suicide',
    subject: 'unknown',
    level: 'low',
    negation: 'own',
    patterns: ['suicide', 'kill.other'],
  },
];

const others: readonly Rule[] = [
  {
    name: 'otherSuicide',
    plain: true,
    kind: 'threat',
    domain: 'suicide',
    subject: 'other',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      'want.3|threaten.3|tell.3|intent|try.3|plan.3 ~4 suicide.3|kill.other',
      'kin|friend|child|third ~3 want.3|threaten.3|tell.3|plan.3 ~4 die.3|suicide|kill.other',
      'want.3|threaten.3|tell.3|plan.3 ~2 doIt3',
      'want.3 ~2 kill.3|hang.3|burn.3|throwSelf.3|drown.3 ~1 self3.reflexive',
    ],
  },
  {
    name: 'harmOthers',
    kind: 'threat',
    domain: 'harmOthers',
    subject: 'other',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      'want.1|intent|plan.1|think.1 ~3 kill.1|stab.1|shoot.1|burn.1|choke.1|crash.1 ~2 target|kin|boss|friend',
      'want.1|intent|plan.1|think.1 ~3 kill.him|stab.him|shoot.him|burn.him|choke.him|revenge.him',
    ],
  },
  {
    name: 'threatToMe',
    kind: 'threat',
    domain: 'abuse',
    subject: 'self',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      'threaten.me ~3 kill|blade|firearm|stab|burn|die',
      'want.3|intent|try.3|tell.3|threaten.3 ~4 kill.me|burn.me|choke.me|stab.me|shoot.me',
      'choke.me',
      'stab.me',
      'rape.me',
      'handHold3 ~2 blade|firearm',
      'blade|firearm ~2 handHold3',
    ],
  },
  {
    name: 'violence',
    kind: 'violence',
    domain: 'abuse',
    subject: 'self',
    level: 'moderate',
    negation: 'plain',
    patterns: ['hit.me', 'lock.me', 'touch.me', 'beating ~3 kin', 'take.past ~2 passport'],
  },
  {
    name: 'childHurt',
    kind: 'violence',
    domain: 'child',
    subject: 'child',
    level: 'high',
    negation: 'plain',
    patterns: [
      'iAmChild ~8 hit.me|touch.me|burn.me|lock.me',
      'hit.me|touch.me|burn.me ~8 iAmChild',
      'hit.3|touch.3|burn.3|choke.3|starve.3 ~2 child',
      'baby ~6 harmBaby',
    ],
  },
  {
    name: 'commands',
    kind: 'commands',
    domain: 'psychosis',
    subject: 'self',
    level: 'high',
    soon: 'imminent',
    negation: 'plain',
    patterns: [
      'voices ~4 command|command.3|tell.me|tell.3 ~4 kill|die|throwSelf|jump|cut|burn|stab|hurt|choke|suicide',
      'hear.1 ~3 voices ~6 kill|die|throwSelf|jump|cut|burn|stab|hurt|choke',
    ],
  },
  {
    name: 'bodilyEmergency',
    kind: 'bodilyEmergency',
    domain: 'medical',
    subject: 'unknown',
    level: 'imminent',
    negation: 'own',
    patterns: [
      'neg ~1 breathe.3|breathing',
      'unconscious',
      'bleeding',
      'seizure ~6 ambulance|now|kin|child',
      'child ~4 swallow.3|swallow.past ~3 pills|poison',
    ],
  },
];

export const ruleBook: readonly Rule[] = [...suicide, ...others];
