import type { Report } from './figures.ts';
import { alarm, count, words, type Section } from './sections.ts';

/** What a report says of contacts after calls. */
export function followUpsSection({ followUps: of }: Report): Section {
  return {
    id: 'followUps',
    title: words('Follow-ups', 'المتابعات'),
    figures: [
      count('contacts', words('contacts due', 'متابعات حان موعدها'), of.contacts),
      count('contactsWaiting', words('planned or approved', 'مخططة أو معتمدة'), of.waiting, of.contacts),
      count('contactsDone', words('made', 'أُجريت'), of.done, of.contacts),
      count('contactsReached', words('reached', 'وصلت'), of.reached, of.done),
      count('contactsCancelled', words('called off', 'أُلغيت'), of.cancelled, of.contacts),
      count('messages', words('messages written', 'رسائل كُتبت'), of.messages),
      count('messageDrafts', words('planned: wait for approval', 'مخططة: تنتظر الاعتماد'), of.drafts, of.messages),
      count('messagesApproved', words('approved, not yet sent', 'معتمدة ولم تُرسل بعد'), of.approved, of.messages),
      count('messagesSent', words('sent, not known to be delivered', 'أُرسلت ولم يُعرف تسليمها'), of.sent, of.messages),
      count('messagesDelivered', words('delivered', 'سُلّمت'), of.delivered, of.messages),
      alarm('messagesFailed', words('failed', 'تعذّرت'), of.failed, of.messages),
      count('replies', words('replies', 'ردود'), of.replies),
      count('repliesWithRisk', words('replies with danger', 'ردود فيها خطر'), of.repliesWithRisk, of.replies),
      count('optOuts', words('wanted no more messages', 'لم يريدوا رسائل بعد'), of.optOuts),
    ],
    charts: [],
    notes: [
      words(
        'Contacts by when they are due, messages by when they were written. Reached: the message was delivered or the call answered.',
        'المتابعات بحسب موعدها والرسائل بحسب كتابتها. وصلت: سُلّمت الرسالة أو رُدّ على المكالمة.',
      ),
    ],
  };
}
