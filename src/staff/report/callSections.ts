import { riskLevels } from '../../call/meaning.ts';
import type { Report } from './figures.ts';
import { count, nameIn, parts, spread, words, alarm, type Bars, type Section } from './sections.ts';

/** What a report says of the calls themselves. */

export const outcomeNames = nameIn({
  hungUp: words('the caller hung up', 'أنهى المتصل المكالمة'),
  goodbye: words('ended with a goodbye', 'انتهت بالوداع'),
  silence: words('ended after long silence', 'انتهت بعد صمت طويل'),
  length: words('ended at the longest length', 'بلغت أطول مدة'),
  lost: words('lost: our server or the line broke', 'انقطعت: عطل في الخادم أو الخط'),
});

export const languageNames = nameIn({
  'ar-OM': words('Omani Arabic', 'العربية العُمانية'),
  ar: words('Standard Arabic', 'العربية الفصحى'),
  en: words('English', 'الإنجليزية'),
});

export const levelNames = nameIn({
  none: words('none', 'لا خطر'),
  low: words('low', 'منخفض'),
  moderate: words('moderate', 'متوسط'),
  high: words('high', 'عالٍ'),
  imminent: words('imminent', 'وشيك'),
});

export function volumeSection({ calls, period }: Report): Section {
  const over = calls.calls - calls.live;
  return {
    id: 'calls',
    title: words('Calls', 'المكالمات'),
    figures: [
      count('calls', words('calls', 'المكالمات'), calls.calls),
      count('live', words('still on the line', 'ما زالت جارية'), calls.live),
      count('answered', words('answered', 'تم الرد عليها'), calls.answered, calls.calls),
      count(
        'answeredWithin20s',
        words('answered within 20 s', 'رُدّ خلال 20 ثانية'),
        calls.answeredWithin20s,
        calls.calls,
      ),
      alarm(
        'abandonedBefore20s',
        words('never answered, gone before 20 s', 'لم يُرد عليها وانتهت قبل 20 ثانية'),
        calls.abandonedBefore20s,
        over,
      ),
      alarm(
        'abandonedAfter20s',
        words('never answered, gone after 20 s or more', 'لم يُرد عليها وانتهت بعد 20 ثانية أو أكثر'),
        calls.abandonedAfter20s,
        over,
      ),
      count(
        'leftWithin20s',
        words('answered, hung up within 20 s', 'رُدّ عليها وأُنهيت خلال 20 ثانية'),
        calls.leftWithin20s,
        calls.answered,
      ),
      spread('answerMs', words('speed to answer', 'سرعة الرد'), calls.answerMs),
      spread('durationSeconds', words('length of a call', 'مدة المكالمة'), calls.durationSeconds, 'seconds'),
      {
        id: 'seconds',
        label: words('time on the line, all together', 'مجموع وقت المكالمات'),
        value: { kind: 'length', seconds: calls.seconds },
      },
      ...parts('outcome', calls.byOutcome, over, outcomeNames),
    ],
    charts: [byHour(calls.byHour), ...(period.kind === 'day' ? [] : [byDay(calls.byHour, period.days)])],
    notes: [],
  };
}

type Hours = Report['calls']['byHour'];

function byHour(hours: Hours): Bars {
  return {
    id: 'callsByHour',
    title: words('Calls by hour of the day', 'المكالمات حسب ساعة اليوم'),
    row: words('hour', 'الساعة'),
    bar: words('calls', 'المكالمات'),
    shape: 'upright',
    bars: Array.from({ length: 24 }, (_, hour) => ({
      ...named(String(hour).padStart(2, '0')),
      value: sum(hours.filter((each) => each.hour === hour)),
    })),
  };
}

function byDay(hours: Hours, days: readonly string[]): Bars {
  return {
    id: 'callsByDay',
    title: words('Calls by day', 'المكالمات حسب اليوم'),
    row: words('day', 'اليوم'),
    bar: words('calls', 'المكالمات'),
    shape: 'upright',
    bars: days.map((day) => ({
      id: day,
      label: words(day.slice(5)),
      value: sum(hours.filter((each) => each.day === day)),
    })),
  };
}

function named(id: string): Pick<Bars['bars'][number], 'id' | 'label'> {
  return { id, label: words(id) };
}

function sum(hours: Hours): number {
  return hours.reduce((total, { calls }) => total + calls, 0);
}

export function callersSection({ calls }: Report): Section {
  return {
    id: 'callers',
    title: words('Callers', 'المتصلون'),
    figures: [
      count('callers', words('callers whose number is known', 'متصلون معروفو الرقم'), calls.callers),
      count('newCallers', words('new', 'جدد'), calls.newCallers, calls.callers),
      count('returningCallers', words('had called before', 'سبق أن اتصلوا'), calls.returningCallers, calls.callers),
      count(
        'withheldNumber',
        words('calls with the number withheld', 'مكالمات برقم محجوب'),
        calls.withheldNumber,
        calls.calls,
      ),
      ...parts('language', calls.byLanguage, calls.calls, languageNames),
    ],
    charts: [],
    notes: [
      words(
        'Had called before: an earlier call is still kept. Erased callers count as new when they call again.',
        'سبق أن اتصلوا: لهم مكالمة سابقة ما زالت محفوظة. من مُحيت بياناته يُعدّ جديداً إذا عاد.',
      ),
    ],
  };
}

export function dangerSection({ calls, askedDirectly: asked }: Report): Section {
  const known = asked.asked + asked.notAsked;
  return {
    id: 'danger',
    title: words('Danger', 'الخطر'),
    figures: [
      ...riskLevels.map((level) =>
        count(
          `level.${level}`,
          words(`highest level: ${level}`, `أعلى مستوى: ${levelNames(level).ar}`),
          calls.byLevel[level] ?? 0,
          calls.calls,
        ),
      ),
      count('askedDirectly', words('asked directly', 'سُئلوا مباشرة'), asked.asked, known),
      alarm('notAskedDirectly', words('not asked directly', 'لم يُسألوا مباشرة'), asked.notAsked, known),
      count(
        'toldUnasked',
        words('said it before they could be asked', 'صرّحوا قبل أن يُسألوا'),
        asked.toldUnasked,
        asked.sampled,
      ),
      count('askedUnknown', words('cannot be told (log removed)', 'لا يُعرف (حُذف السجل)'), asked.unknown, asked.sampled),
    ],
    charts: [
      {
        id: 'callsByLevel',
        title: words('Highest level reached', 'أعلى مستوى خطر في المكالمة'),
        row: words('level', 'المستوى'),
        bar: words('calls', 'المكالمات'),
        shape: 'lying',
        bars: riskLevels.map((level) => ({ id: level, label: levelNames(level), value: calls.byLevel[level] ?? 0 })),
      },
    ],
    notes: [
      words(
        `Asked directly: from the logs of ${asked.sampled} of the ${asked.calls} finished calls at moderate or above${asked.sampled < asked.calls ? '; the others: --thorough' : ''}. Only a question that the caller heard counts.`,
        `السؤال المباشر: من سجلات ${asked.sampled} من أصل ${asked.calls} مكالمة منتهية بمستوى متوسط فأعلى. لا يُحسب إلا سؤال سمعه المتصل.`,
      ),
    ],
  };
}

export function conversationSection({ calls }: Report): Section {
  const share = calls.firstSoundShare;
  const ofShare =
    share === 100 ? words('') : words(`; of ${share} % of the calls, drawn by hash`, `؛ من ${share}٪ من المكالمات`);
  return {
    id: 'conversation',
    title: words('Conversation', 'المحادثة'),
    figures: [
      spread('firstSoundMs', words('silence before Sanad answers', 'الصمت قبل أن يجيب سند'), calls.firstSoundMs),
      count('turns', words('turns', 'الأدوار'), calls.turns),
      count('bargeIns', words('interruptions of Sanad', 'مقاطعات لسند'), calls.bargeIns),
      count('falseBargeIns', words('of them false alarms', 'منها إنذارات خاطئة'), calls.falseBargeIns, calls.bargeIns),
      count(
        'callsWithBargeIn',
        words('calls with an interruption', 'مكالمات فيها مقاطعة'),
        calls.callsWithBargeIn,
        calls.calls,
      ),
      alarm(
        'callsWithFailure',
        words('calls in which something failed', 'مكالمات حدث فيها عطل'),
        calls.callsWithFailure,
        calls.calls,
      ),
      count('failures', words('failures in them', 'الأعطال فيها'), calls.failures),
    ],
    charts: [],
    notes: [
      words(
        `Silence: from the caller's last voiced frame to Sanad's first audio, per reply of the model${ofShare.en}.`,
        `الصمت: من آخر صوت للمتصل إلى أول صوت لسند، لكل رد من النموذج${ofShare.ar}.`,
      ),
    ],
  };
}
