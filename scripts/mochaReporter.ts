import { writeFileSync } from 'node:fs';
import mocha, { type MochaOptions, type Runner } from 'mocha';
import { z } from 'zod';

/** What scripts/test.ts sums; written where `--reporter-option stats=FILE` says. */
export const mochaStats = z.object({ passed: z.number().int(), failed: z.number().int() });

const options = z.object({ reporterOption: z.object({ stats: z.string() }) });

/** A dot for each test and every failure in full at the end, as mocha's own; and the counts in a file. */
export default class CountingReporter extends mocha.reporters.Dot {
  constructor(runner: Runner, given: MochaOptions) {
    super(runner, given);
    const { stats } = options.parse(given).reporterOption;
    // The last of the listeners of `end`: the file also says that the failures have been printed.
    runner.once('end', () => {
      const counts = { passed: runner.stats?.passes ?? 0, failed: runner.stats?.failures ?? 0 };
      writeFileSync(stats, JSON.stringify(counts));
    });
  }
}
