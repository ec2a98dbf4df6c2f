/** At which hours of the week nobody is on call. Pure; the week is that of Muscat and begins on Sunday. */
import { weekdays, type OnCallPerson, type Weekday } from './rota.ts';

const minutesOfDay = 1_440;
const minutesOfWeek = weekdays.length * minutesOfDay;

/** From `fromMinute` of `fromDay` to `toMinute` of `toDay`; minutes since midnight. */
export interface Gap {
  readonly fromDay: Weekday;
  readonly fromMinute: number;
  readonly toDay: Weekday;
  readonly toMinute: number;
  readonly minutes: number;
}

/** The stretches in which nobody active is in a shift, in the order in which they begin; a whole empty week is one. */
export function uncoveredHours(people: readonly Pick<OnCallPerson, 'active' | 'shifts'>[]): readonly Gap[] {
  const covered = coveredMinutes(people);
  const gaps: Gap[] = [];
  for (let minute = 0; minute < minutesOfWeek; minute += 1) {
    const before = covered[(minute + minutesOfWeek - 1) % minutesOfWeek];
    if (covered[minute] !== 0 || before === 0) continue;
    let length = 1;
    while (covered[(minute + length) % minutesOfWeek] === 0) length += 1;
    gaps.push(gapFrom(minute, length));
  }
  return gaps.length === 0 && covered[0] === 0 ? [gapFrom(0, minutesOfWeek)] : gaps;
}

/** One byte for each minute of the week: 1 where somebody is on call. */
function coveredMinutes(people: readonly Pick<OnCallPerson, 'active' | 'shifts'>[]): Uint8Array {
  const covered = new Uint8Array(minutesOfWeek);
  for (const { shifts } of people.filter(({ active }) => active)) {
    if (shifts.length === 0) return covered.fill(1);
    for (const { days, fromMinute, toMinute } of shifts) {
      const length = toMinute > fromMinute ? toMinute - fromMinute : minutesOfDay - fromMinute + toMinute;
      for (const day of days) {
        const start = weekdays.indexOf(day) * minutesOfDay + fromMinute;
        for (let minute = start; minute < start + length; minute += 1) covered[minute % minutesOfWeek] = 1;
      }
    }
  }
  return covered;
}

function gapFrom(start: number, minutes: number): Gap {
  const end = (start + minutes) % minutesOfWeek;
  return {
    fromDay: weekdays[Math.floor(start / minutesOfDay)] ?? 'sun',
    fromMinute: start % minutesOfDay,
    toDay: weekdays[Math.floor(end / minutesOfDay)] ?? 'sun',
    toMinute: end % minutesOfDay,
    minutes,
  };
}
