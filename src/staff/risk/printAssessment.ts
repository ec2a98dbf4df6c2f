import type { RiskLevel } from '../../call/meaning.ts';
import type { RiskAssessment, RiskSignal } from '../../risk/assessment.ts';
import type { Output } from '../output.ts';

const whatHappens: Readonly<Record<RiskLevel, string>> = {
  none: 'an ordinary conversation',
  low: 'listen, keep in mind',
  moderate: 'ask directly, in plain words',
  high: 'a human now',
  imminent: 'a human now, and emergency guidance in the same turn',
};

/** For clinicians at a terminal; Arabic stands on lines of its own, so that the terminal can set it from right to left. */
export function printAssessment(
  text: string,
  question: string | null,
  { level, signals }: RiskAssessment,
  output: Output,
): void {
  if (question !== null) {
    output.line('Sanad asked:');
    output.line(question);
  }
  output.line('The caller said:');
  output.line(text);
  output.line();
  output.line(`${output.colours.bold(level)}: ${whatHappens[level]}`);
  if (signals.length === 0) return;
  output.line();
  output.table<RiskSignal>(
    [
      { title: 'About', width: 12, cell: ({ domain }) => domain },
      { title: 'What', width: 16, cell: ({ kind }) => kind },
      { title: 'Who', width: 8, cell: ({ subject }) => subject },
      { title: 'When', width: 12, cell: ({ time }) => time },
      { title: 'Means', width: 9, cell: ({ means }) => means ?? '' },
      { title: 'Read as', width: 10, cell: ({ reading }) => reading },
      { title: 'Found by', width: 8, cell: ({ source }) => source },
    ],
    signals,
  );
}
