import { countKeys, rotateKeys, type KeyCount, type RotationReport } from '../../store/keyRotation.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';

export async function status(access: StaffAccess): Promise<Outcome> {
  access.demand('manageKeys');
  const { database, organisationId, keys } = access;
  const counts = await countKeys(database, organisationId);
  await access.note('keysSeen', { kind: 'keys', id: null });
  const old = counts.filter(({ dataKeyId }) => dataKeyId !== keys.dataKeyId).reduce((sum, each) => sum + each.keys, 0);
  return {
    kind: 'done',
    code: old === 0 ? exitCodes.good : exitCodes.failed,
    json: { dataKeyId: keys.dataKeyId, counts, toRotate: old },
    print: (output) => {
      output.table<KeyCount>(
        [
          { title: 'of', width: 16, cell: ({ table }) => tableNames[table] ?? table },
          { title: 'keys', width: 9, cell: ({ keys: count }) => String(count) },
          {
            title: 'wrapped by',
            cell: ({ dataKeyId }, { green, yellow }) =>
              dataKeyId === keys.dataKeyId ? green(`${dataKeyId} (DATA_KEY)`) : yellow(`${dataKeyId} (an earlier key)`),
          },
        ],
        counts,
      );
      output.line();
      if (old === 0) output.line('All keys are under DATA_KEY. DATA_KEY_PREVIOUS is not needed.');
      else output.line(`${old} keys are still under an earlier key. Wrap them anew with: npm run sanad -- keys rotate`);
    },
  };
}

const tableNames: Readonly<Record<string, string>> = {
  organisations: 'organisation',
  callers: 'callers',
  calls: 'withheld callers',
  on_call_people: 'on-call people',
  staff: 'staff',
};

export async function rotate(
  access: StaffAccess,
  options: { readonly signal: AbortSignal; readonly onProgress: (done: number, of: number) => void },
): Promise<Outcome> {
  access.demand('manageKeys');
  const { database, organisationId, keys } = access;
  const report = await rotateKeys({ database, keys, organisationId, ...options });
  const { rotated, left, brokenCount, stopped } = report;
  await access.note('keysRotated', { kind: 'keys', id: null }, undefined, {
    dataKey: keys.dataKeyId,
    rotated,
    left,
    broken: brokenCount,
    stopped,
  });
  return {
    kind: 'done',
    code: left + brokenCount === 0 ? exitCodes.good : exitCodes.failed,
    json: { dataKeyId: keys.dataKeyId, ...report },
    print: (output) => print(report, output),
  };
}

function print({ rotated, left, broken, brokenCount, stopped }: RotationReport, { line, colours }: Output): void {
  line(
    rotated === 0 && left + brokenCount === 0
      ? 'All keys were under DATA_KEY already.'
      : `Wrapped anew: ${rotated} keys.`,
  );
  if (left > 0)
    line(
      `${colours.yellow('!')} ${left} are left: ${stopped ? 'it was broken off' : 'somebody else is at them'}. Run it again.`,
    );
  if (brokenCount === 0) return;
  line(`${colours.red('!')} ${brokenCount} cannot be opened and stay as they are:`);
  for (const { table, id, why } of broken.slice(0, 10)) line(`    ${tableNames[table] ?? table} ${id}: ${why}`);
  if (brokenCount > 10) line(`    … and ${brokenCount - 10} more; --json lists up to a hundred`);
  if (broken.some(({ why }) => why === 'unknownDataKey'))
    line('  unknownDataKey: DATA_KEY_PREVIOUS is not the key that wrapped them.');
}
