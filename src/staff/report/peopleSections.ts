import { languageNames, levelNames } from './callSections.ts';
import type { Report } from './figures.ts';
import { alarm, count, nameIn, parts, spread, words, type Section, type Words } from './sections.ts';

/** What a report says of the bringing of people, of promises, of reviews, and of what nobody has written down. */

const outcomeNames = nameIn({
  helped: words('spoke with a person', 'تحدث مع شخص'),
  callerGone: words('the caller was gone first', 'ذهب المتصل قبل ذلك'),
  declined: words('refused: wanted no person', 'رفض: لم يرد شخصاً'),
  nobody: words('nobody was reached', 'لم يُوصل إلى أحد'),
  handedOver: words('left to the telephone of last resort', 'تُرك لهاتف الملاذ الأخير'),
});

const reasonNames = nameIn({
  risk: words('because of danger', 'بسبب الخطر'),
  asked: words('because the caller asked', 'لأن المتصل طلب'),
  unheard: words('because Sanad could not hear', 'لأن سند لم يسمع'),
  dropped: words('because the person was lost again', 'لأن الشخص انقطع'),
});

const answerNames = nameIn({
  left: words('took the call and spoke', 'أخذ المكالمة وتحدث'),
  joined: words('took the call, is speaking', 'أخذ المكالمة ويتحدث'),
  accepted: words('took the call', 'أخذ المكالمة'),
  declined: words('declined', 'اعتذر'),
  noKey: words('answered, pressed no key', 'رد ولم يضغط زراً'),
  busy: words('busy', 'مشغول'),
  noAnswer: words('no answer', 'لم يرد'),
  failed: words('could not be dialled', 'تعذر الاتصال به'),
  released: words('released: somebody else had it', 'أُعفي: أخذها غيره'),
  tooLate: words('took it too late', 'تأخر'),
});

const callbackNames = nameIn({
  reached: words('closed: reached', 'أُغلقت: تم الوصول إليه'),
  notReached: words('closed: not reached', 'أُغلقت: لم يُوصل إليه'),
  notWanted: words('closed: not wanted', 'أُغلقت: لم يُرد ذلك'),
  wrongNumber: words('closed: wrong number', 'أُغلقت: رقم خاطئ'),
  reachedByPerson: words('cancelled: a person had reached them', 'أُلغيت: وصل إليه شخص'),
  helped: words('cancelled: spoke with a person', 'أُلغيت: تحدث مع شخص'),
  handedOver: words('cancelled: left to the telephone of last resort', 'أُلغيت: تُرك لهاتف الملاذ الأخير'),
  declined: words('cancelled: wanted no person', 'أُلغيت: لم يرد شخصاً'),
  callerErased: words('cancelled: the caller was erased', 'أُلغيت: مُحيت بيانات المتصل'),
});

export function peopleSection({ people, calls }: Report): Section {
  const closed = people.escalations - people.open;
  return {
    id: 'people',
    title: words('Bringing people', 'إحضار شخص'),
    figures: [
      count('escalations', words('a person was asked for', 'طُلب شخص'), people.escalations),
      count('open', words('still going on', 'ما زال جارياً'), people.open),
      ...parts('reason', people.byReason, people.escalations, reasonNames),
      ...parts('escalatedLevel', people.byLevel, people.escalations, (level) =>
        words(`at level ${level}`, `بمستوى ${levelNames(level).ar}`),
      ),
      spread('ringMs', words('detection → a telephone rings', 'من الاكتشاف إلى رنين الهاتف'), people.ringMs),
      spread('acceptMs', words('detection → somebody takes it', 'من الاكتشاف إلى قبول شخص'), people.acceptMs),
      spread('personMs', words('detection → a person speaks', 'من الاكتشاف إلى حديث شخص'), people.personMs),
      ...parts('escalationOutcome', people.byOutcome, closed, outcomeNames),
      alarm(
        'goneAfterDisclosure',
        words('gone after a disclosure, before anybody came', 'ذهب بعد أن صرّح وقبل أن يأتي أحد'),
        people.goneAfterDisclosure,
        closed,
      ),
      alarm(
        'personLost',
        words('person lost within seconds, rung anew', 'انقطع الشخص خلال ثوانٍ فأُعيد الطلب'),
        people.personLost,
      ),
      alarm(
        'lostCalls',
        words('calls that broke off (of all calls)', 'مكالمات انقطعت (من كل المكالمات)'),
        calls.byOutcome['lost'] ?? 0,
        calls.calls,
      ),
      count('telephonesRung', words('telephones rung', 'هواتف رنّت'), people.telephonesRung),
      ...parts('answer', people.byAnswer, people.telephonesRung, answerNames),
    ],
    charts: [],
    notes: [
      words(
        'Counted by when the person was asked for. Detection is when the request was written, in one transaction with the assessment of danger.',
        'بحسب وقت طلب الشخص. الاكتشاف هو لحظة كتابة الطلب مع تقدير الخطر.',
      ),
    ],
  };
}

export function callbacksSection({ callbacks: back }: Report): Section {
  const due = back.keptInTime + back.keptLate + back.overdue;
  return {
    id: 'callbacks',
    title: words('Promises to call back', 'وعود بمعاودة الاتصال'),
    figures: [
      count('promised', words('promised, to be kept in this time', 'وعود موعدها في هذه المدة'), back.promised),
      count('keptInTime', words('kept within the deadline', 'نُفذت في موعدها'), back.keptInTime, due),
      alarm('keptLate', words('kept late', 'نُفذت متأخرة'), back.keptLate, due),
      alarm('overdue', words('overdue: nobody has called', 'فات موعدها ولم يتصل أحد'), back.overdue, due),
      count('callbacksWaiting', words('not yet due', 'لم يحن موعدها'), back.waiting),
      count('notNeeded', words('no longer needed', 'لم تعد مطلوبة'), back.notNeeded),
      ...parts('callbackOutcome', back.byOutcome, back.promised, callbackNames),
      count('automatic', words("Sanad's own calls back", 'معاودات سند نفسه'), back.automatic),
      count('automaticMade', words('made', 'أُجريت'), back.automaticMade, back.automatic),
      count(
        'automaticAnswered',
        words('answered by somebody', 'رد عليها أحد'),
        back.automaticAnswered,
        back.automaticMade,
      ),
    ],
    charts: [],
    notes: [
      words(
        'Counted by deadline. In time: closed by the deadline, with whatever outcome.',
        'بحسب الموعد النهائي. في موعدها: أُغلقت قبله، أياً كانت النتيجة.',
      ),
    ],
  };
}

export function reviewsSection({ reviews }: Report): Section {
  const { escalated, sample, others } = reviews;
  const total = (marks: Readonly<Record<string, number>>): number => Object.values(marks).reduce((a, b) => a + b, 0);
  const [brought, left] = [total(escalated.marks), total(sample.marks)];
  return {
    id: 'reviews',
    title: words('Reviews', 'المراجعات'),
    figures: [
      count(
        'escalatedReviewed',
        words('calls with a person asked for: reviewed', 'مكالمات طُلب فيها شخص: روجعت'),
        brought,
        escalated.calls,
      ),
      count('escalatedRight', words('rightly', 'صواب'), escalated.marks.right ?? 0, brought),
      alarm(
        'falseEscalations',
        words('not needed (false escalations)', 'لم يكن مطلوباً (تصعيد خاطئ)'),
        escalated.marks.notNeeded ?? 0,
        brought,
      ),
      alarm('lateEscalations', words('too late', 'متأخر'), escalated.marks.tooLate ?? 0, brought),
      count(
        'sampleReviewed',
        words('sample of the others (5 %): reviewed', 'عيّنة من غيرها (5٪): روجعت'),
        left,
        sample.calls,
      ),
      alarm(
        'missedEscalations',
        words('missed: a person was needed', 'فات: كان الشخص مطلوباً'),
        sample.marks.missed ?? 0,
        left,
      ),
      ...Object.entries(sample.reviewedByLanguage).map(([language, n]) =>
        alarm(
          `missed.${language}`,
          words(`missed, in ${languageNames(language).en}`, `فات، بـ${languageNames(language).ar}`),
          sample.missedByLanguage[language] ?? 0,
          n,
        ),
      ),
      count('othersReviewed', words('looked at for another reason', 'روجعت لسبب آخر'), total(others.marks)),
      alarm('othersMissed', words('missed among them', 'فات منها'), others.marks.missed ?? 0, total(others.marks)),
    ],
    charts: [],
    notes: [
      words(
        'By when the call began. Only the sample tells how much is missed; calls looked at for another reason are counted apart.',
        'بحسب بداية المكالمة. العيّنة وحدها تدل على ما يفوت؛ وما روجع لسبب آخر يُحسب وحده.',
      ),
    ],
  };
}

/** What a reader of such reports would look for. */
export const notRecorded: readonly Words[] = [
  words(
    'dialect of the caller, and whether the emergency service came: not recorded',
    'لهجة المتصل ووصول الطوارئ: لا يُسجلان',
  ),
];
