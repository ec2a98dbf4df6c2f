import { uncoveredHours, type Gap } from '../../escalation/coverage.ts';
import { weekdays, type OnCallPerson, type Shift } from '../../escalation/rota.ts';
import { printedShifts } from './people.ts';

const longestShiftMinutes = 1_440;
const weekMinutes = weekdays.length * longestShiftMinutes;

/** The hours of the week without anybody on call, such as `sun-wed 16:00-08:00; thu 16:00 to sun 08:00`; null: none. */
export function printedGaps(people: readonly OnCallPerson[]): string | null {
  const gaps = uncoveredHours(people);
  if (gaps.length === 0) return null;
  if (gaps[0]?.minutes === weekMinutes) return 'the whole week';
  const short = gaps.filter(({ minutes }) => minutes <= longestShiftMinutes);
  const long = gaps.filter(({ minutes }) => minutes > longestShiftMinutes);
  return [printedShifts({ shifts: alike(short) }) ?? [], long.map(printed)].flat().join('; ');
}

/** Gaps of the same hours on several days are one. */
function alike(gaps: readonly Gap[]): readonly Shift[] {
  const byHours = new Map<string, Shift>();
  for (const { fromDay, fromMinute, toMinute } of gaps) {
    const key = `${fromMinute}-${toMinute}`;
    // A gap until midnight reads better as one that ends at 24:00, and is the same.
    const end = toMinute === 0 ? longestShiftMinutes : toMinute;
    byHours.set(key, { days: [...(byHours.get(key)?.days ?? []), fromDay], fromMinute, toMinute: end });
  }
  return [...byHours.values()];
}

function printed({ fromDay, fromMinute, toDay, toMinute }: Gap): string {
  return `${fromDay} ${time(fromMinute)} to ${toDay} ${time(toMinute)}`;
}

function time(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
