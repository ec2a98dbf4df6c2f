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
  /** A person is being brought. */
  'bringingPerson',
  /** The caller is in danger: stay with me, a person is coming now. */
  'stayWithMe',
  /** Nobody could be reached: honest; stays; asks to ring the emergency service from one's own phone when in danger. */
  'nobodyReached',
  /** The person has left the call; Sanad is here again. */
  'personLeft',
  /** The voice failed in the middle of a reply. */
  'voiceTrouble',
  /** Five minutes before the longest call ends, and at its end. */
  'lengthNotice',
  'lengthGoodbye',
  /** A fault of our own: sorry, something went wrong here, I bring a person. */
  'fault',
] as const;

export type LineName = (typeof lineNames)[number];
