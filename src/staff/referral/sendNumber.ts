import { standingOf } from '../../escalation/emergencyNumbers.ts';
import type { MessageLanguage } from '../../followUp/templates.ts';
import { draftMessage, obstacleTo } from '../../store/messages.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { onCaller } from '../callers/findCaller.ts';
import { shortId } from '../listing.ts';
import { refused, type Outcome } from '../outcome.ts';
import { findService } from './services.ts';

/** Neither name nor purpose of the service: relatives may read it. */
const words: Readonly<Record<MessageLanguage, (number: string) => string>> = {
  'ar-OM': (number) => `السلام عليكم، هذا الرقم اللي طلبته: ${number}`,
  ar: (number) => `السلام عليكم، هذا الرقم الذي طلبته: ${number}`,
  en: (number) => `Hello, here is the number you asked for: ${number}`,
};

export interface SendNumber {
  readonly to: string;
  readonly language: MessageLanguage;
}

const obstacles = {
  erased: 'The caller was erased.',
  optedOut: 'The caller wants no messages.',
  noConsent: 'The caller has not agreed to be written to, or is blocked.',
} as const;

/** Only a number that may be spoken may be written. */
export async function sendNumber(access: StaffAccess, id: string, order: SendNumber, now: Date): Promise<Outcome> {
  access.demand('approveMessages');
  const service = await findService(access, id);
  if ('kind' in service) return service;
  if (standingOf(service, now) !== 'standing')
    return refused('notVerified', 'Nobody stands for this number now. See: services check. Nothing was drafted.');
  const { organisationId, keys, actor } = access;
  return onCaller(access, order.to, async (tx, caller) => {
    const obstacle = await obstacleTo(tx, caller.id);
    if (obstacle !== null) return refused(obstacle, `${obstacles[obstacle]} Nothing was drafted.`);
    const { language } = order;
    const message = { organisationId, callerId: caller.id, followUpId: null, callId: null, kind: 'custom', language };
    const body = words[language](service.number);
    const by = { kind: actor.kind, id: actor.id };
    const drafted = await draftMessage(tx, keys, { ...message, body, dueAt: now, by, at: now });
    if (drafted.kind === 'refused') return refused(drafted.why, 'This could not be drafted.');
    await access.noteIn(tx, 'messageWritten', { kind: 'message', id: drafted.id }, undefined, { service: service.id });
    return {
      kind: 'done',
      json: { id: drafted.id, text: body },
      print: ({ line }) => line(`${shortId(drafted.id)} waits for approval: ${body}`),
    };
  });
}
