/** Answers to a text message that came in. */
import twilio from 'twilio';

/** Nothing is sent. */
export function noAnswer(): string {
  return new twilio.twiml.MessagingResponse().toString();
}

/** @param text fixed words of ours: no model and no caller has a part in them */
export function answerWith(text: string): string {
  const response = new twilio.twiml.MessagingResponse();
  response.message(text);
  return response.toString();
}
