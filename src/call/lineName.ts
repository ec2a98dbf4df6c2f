/** Questions for consent, each in plain and then in simpler words, and the answers to answers (`consent.ts`). */
export const consentLineNames = [
  'askKeepWords',
  'askKeepWordsAgain',
  'askFollowUp',
  'askFollowUpAgain',
  'askSms',
  'askSmsAgain',
  'wordsKept',
  'wordsNotKept',
  'contactAgreed',
  'contactDeclined',
  /** The caller took it back: what happens now. */
  'wordsTakenBack',
  'contactTakenBack',
  /** Before anything is heard, by the carrier's voice and answered with a key; and once more. Only with `CONSENT_BEFORE_AUDIO`. */
  'askBeforeAudio',
  'askBeforeAudioAgain',
] as const;

export type ConsentLineName = (typeof consentLineNames)[number];

/** Small questions of the organisation, and the answers to answers (`asking.ts`). */
export const askingLineNames = [
  /** Of everybody alike: it says nothing about whoever rings. */
  'askReturning',
  'returningYes',
  'returningNo',
  /** From one to ten; the key for ten is the star. */
  'askMood',
  'askMoodEnd',
  'moodNoted',
] as const;

export type AskingLineName = (typeof askingLineNames)[number];

/** The fixed lines that Sanad can say without any language model; each language pack words them all. */
export const lineNames = [
  /** Greeting. Its first sentence says that this is an AI and not a person; the last asks whether the caller can talk. */
  'greeting',
  /** One sentence: an AI, not a person. Said before the next reply when the greeting was cut before it was heard. */
  'identity',
  /** After a lost stream: sorry, the line dropped, I am here again. */
  'lineBack',
  /** Silence, first and second time: gentle, no demand. */
  'silenceFirst',
  'silenceSecond',
  /** Silence for long: says that it will close now, and that the caller can ring again at any hour. */
  'silenceGoodbye',
  /** The caller says goodbye. */
  'goodbye',
  /** We cannot hear (the recogniser is down, or words never come): key 0 brings a person. */
  'cannotHear',
  /** No model answered: a listening line that asks the caller to go on. */
  'thinkingTrouble',
  /** Again no model answered: honest, and offers a person (key 0 or saying so). */
  'offerPerson',
  /** A person was asked for and is being rung; Sanad stays. */
  'bringingPerson',
  /** The carrier dials somebody now, and Sanad falls silent for it. */
  'connecting',
  /** Somebody took the call and is being told what it is about. */
  'personAnswered',
  /** The person was lost before or soon after they came; others are rung. */
  'personDropped',
  /** Nobody has come yet: honest; stays; the emergency service from one's own phone when in danger. And without danger. */
  'nobodyReached',
  'nobodyYet',
  /** The carrier dialled in vain, and without danger nobody is rung again unless the caller asks. */
  'nobodyForNow',
  /** The person has left the call; Sanad is here again. */
  'personLeft',
  /** The caller wants no person: accepted, and later offered once more; and when the danger does not allow it. */
  'declined',
  'offerPersonAgain',
  'comesAnyway',
  /** Company while telephones ring: with danger, and without. */
  'company1',
  'company2',
  'company3',
  'company4',
  'ringing1',
  'ringing2',
  'ringing3',
  /** A voice without words, weeping perhaps: I hear you. */
  'presence',

  /** First response to danger, by whom it is about; `Now` when the danger is this moment. Then the steps of `safetySteps.ts`. */
  'stayWithMe',
  'stayWithMeNow',
  'otherStay',
  'otherStayNow',
  'childStay',
  'childStayNow',
  'violenceStay',
  'violenceStayNow',
  'voicesStay',
  'voicesStayNow',
  'medicalStay',
  /** Direct questions, one at a time (C-SSRS ladder). */
  'askSuicide',
  'askSuicideAgain',
  'askPast',
  'askRecent',
  'askHow',
  'askWhen',
  'askOther',
  'askSafe',
  'askFreely',
  'askVoices',
  /** Steps. */
  'awayFromMeans',
  'whoIsNear',
  'whereAreYou',
  'breathe',
  'lookAround',
  'planPerson',
  'whatNext',
  'otherWithYou',
  'otherMeans',
  'otherWhere',
  'childAdult',
  'childBrave',
  'safePlace',
  'neighbours',
  'voicesNoDeed',
  'medicalAwake',
  'medicalNear',
  /** Before a call is closed in which there was risk, and its goodbye. */
  'askBeforeClosing',
  'stayABit',
  'goodbyeAfterRisk',
  /** Sanad rings back a caller whose call broke off: nothing private, since somebody else may have answered. */
  'callbackGreeting',
  /** The voice failed in the middle of a reply. */
  'voiceTrouble',
  /** Five minutes before the longest call ends, and at its end. */
  'lengthNotice',
  'lengthGoodbye',
  /** A fault of our own: sorry, something went wrong here, I bring a person. */
  'fault',
  ...consentLineNames,
  ...askingLineNames,
] as const;

export type LineName = (typeof lineNames)[number];
