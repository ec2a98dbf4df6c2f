import { systemClock } from '../../clock.ts';
import type { Service } from '../../referral/service.ts';
import { openDatabase } from '../../store/database.ts';
import { organisationOf } from '../../store/organisations.ts';
import { createKeyKeeper, SealBroken } from '../../store/sealing.ts';
import { listServices } from '../../store/services.ts';
import { serviceConcerns } from '../referral/services.ts';
import { defineCheck } from './check.ts';
import { type Finding, ok, rowTitles, skipped, warning } from './finding.ts';
import { codeOf } from './networkReason.ts';

/** Whether every service of the directory may be named, and for how long. */
export const servicesCheck = defineCheck({
  rows: ['services'],
  uses: ['DATABASE_URL', 'DATA_KEY', 'DATA_KEY_PREVIOUS', 'TWILIO_PHONE_NUMBER'],
  late: { state: 'warning', fix: 'See the row of the database.' },
  run: async (settings, { report, timeoutMs }) => {
    const { DATABASE_URL: url, DATA_KEY: dataKey, TWILIO_PHONE_NUMBER: number } = settings;
    if (url === undefined)
      return report('services', skipped('in the embedded database; see: npm run sanad -- services check'));
    const keys = createKeyKeeper(dataKey, settings.DATA_KEY_PREVIOUS);
    const limit = { connectMs: timeoutMs, statementMs: timeoutMs, transactionMs: timeoutMs };
    const database = openDatabase({ url, connections: 1, ...limit });
    try {
      const organisation = await organisationOf(database, keys, number);
      const services = organisation === null ? [] : await database.within(organisation.id, listServices);
      report('services', servicesFinding(services, systemClock.wall()));
    } catch (error) {
      const code = codeOf(error);
      const isMissing = code === '42P01' || code === '42703';
      const needs = isMissing ? 'migrations' : code === '42501' ? 'roles' : 'database';
      report('services', skipped(`needs: ${error instanceof SealBroken ? rowTitles.rota : rowTitles[needs]}`));
    } finally {
      await database.close();
    }
  },
});

const mostTold = 5;

export function servicesFinding(services: readonly Service[], now: Date): Finding {
  if (services.length === 0) return ok('the directory is empty: no other service is named to callers');
  const concerns = serviceConcerns(services, now);
  if (concerns.length === 0) return ok(`${services.length} services, each verified for 30 days or more`);
  const more = concerns.length > mostTold ? [`and ${concerns.length - mostTold} more`] : [];
  return warning(
    [...concerns.slice(0, mostTold), ...more].join('; '),
    'Ring the number, then write down who did, when, and until when that holds: npm run sanad -- services edit --help',
  );
}
