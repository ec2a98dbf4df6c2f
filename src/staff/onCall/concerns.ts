import type { OnCallPerson } from '../../escalation/rota.ts';
import type { Rota } from './openRota.ts';
import { misused, type Outcome } from '../outcome.ts';
import type { GoodNumber } from './fields.ts';

/** What is to be said about a number that can be rung, and yet is not as good as a mobile of a person's own. */

export function refusedNumber({ number }: GoodNumber, { ownNumber }: Pick<Rota, 'ownNumber'>): Outcome | null {
  if (number !== ownNumber) return null;
  return misused('ownNumber', "This is Sanad's own number (TWILIO_PHONE_NUMBER): it would ring itself.");
}

export function concernsOf(read: GoodNumber, { lastResort }: Pick<Rota, 'lastResort'>): readonly string[] {
  const concerns: string[] = [];
  if (read.kind === 'landline')
    concerns.push(
      'This is a landline. A switchboard or a voicemail that picks up is no person: it can never accept a call, and the time is lost. A mobile is better.',
    );
  if (read.abroad) concerns.push('This number is outside Oman: calls to it take longer to ring and cost more.');
  if (read.number === lastResort)
    concerns.push(
      'This is also FALLBACK_PHONE_NUMBER, the telephone of last resort: when it is not answered, there is no other.',
    );
  return concerns;
}

export function leftBehind(people: readonly OnCallPerson[]): readonly string[] {
  if (people.some(({ active }) => active)) return [];
  return ['Nobody active is left on the rota: a caller who needs a person gets FALLBACK_PHONE_NUMBER.'];
}
