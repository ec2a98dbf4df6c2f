import { fileFault, openDraft } from '../../src/staff/draftFile.ts';

/** Writes more than the shell that started it allows, and tells what came of it. */
const draft = openDraft(process.argv[2] ?? '');
try {
  for (let n = 0; n < 200; n += 1) draft.write('x'.repeat(1_000));
  draft.keep(false);
  process.stdout.write('kept');
} catch (error) {
  process.stdout.write(fileFault(error) ?? 'unknown');
} finally {
  draft.discard();
}
