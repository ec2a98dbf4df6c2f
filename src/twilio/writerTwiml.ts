/**
 * What somebody hears whom we ring because they wrote of danger: nothing that a relative or a voicemail must not hear. Only after
 * their key do they come into the room in which the person waits.
 */
import twilio from 'twilio';
import { carrierVoices, type CarrierLanguage } from './spokenLines.ts';

export const writerPaths = {
  greet: '/twilio/writer',
  key: '/twilio/writer/key',
  status: '/twilio/writer/status',
  machine: '/twilio/writer/machine',
} as const;

export interface WriterTwiml {
  /** `asked` counts from 1; the last is 2. In both languages when theirs is not known. */
  readonly question: (escalationId: string, asked: number, language: CarrierLanguage | null) => string;
  readonly goodbye: (language: CarrierLanguage | null) => string;
}

type Line = Readonly<Record<CarrierLanguage, string>>;

const question: Line = {
  ar: 'مرحبا. هناك شخص ينتظر التحدث معك الآن. للتحدث معه اضغط واحد.',
  en: 'Hello. There is a person waiting to talk with you now. To talk with them, press 1.',
};

const goodbye: Line = {
  ar: 'لا بأس. يمكنك الاتصال بنا في أي وقت. مع السلامة.',
  en: 'That is all right. You can call us at any time. Goodbye.',
};

const questionSeconds = 8;

/** @param publicUrl origin that the carrier sees */
export function createWriterTwiml(publicUrl: string): WriterTwiml {
  return {
    question: (escalationId, asked, language) => {
      const response = new twilio.twiml.VoiceResponse();
      const action = `${publicUrl}${writerPaths.key}?e=${escalationId}&n=${asked}`;
      const gather = response.gather({
        input: ['dtmf'],
        numDigits: 1,
        timeout: questionSeconds,
        actionOnEmptyResult: true,
        action,
        method: 'POST',
      });
      say(gather, question, language);
      // Reached only when the carrier could not use the action.
      response.redirect({ method: 'POST' }, action);
      return response.toString();
    },
    goodbye: (language) => {
      const response = new twilio.twiml.VoiceResponse();
      say(response, goodbye, language);
      response.hangup();
      return response.toString();
    },
  };
}

type Speaking = Pick<InstanceType<typeof twilio.twiml.VoiceResponse>, 'addChild'>;

function say(into: Speaking, line: Line, spoken: CarrierLanguage | null): void {
  const languages: readonly CarrierLanguage[] = spoken === null ? ['ar', 'en'] : [spoken];
  for (const each of languages) {
    const { language, voice } = carrierVoices[each];
    into.addChild('Say', { language, voice }).addText(line[each]);
  }
}
