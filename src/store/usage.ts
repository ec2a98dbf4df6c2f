import type { Transaction } from './database.ts';
import { run } from './rows.ts';
import type { ProviderUse, UsageCounted } from './usageRecord.ts';

const totals = [
  ['requests', 'requests'],
  ['input_tokens', 'inputTokens'],
  ['cached_tokens', 'cachedTokens'],
  ['cache_write_tokens', 'cacheWriteTokens'],
  ['output_tokens', 'outputTokens'],
  ['amount', 'amount'],
  ['estimated', 'estimated'],
  ['failures', 'failures'],
  ['failovers', 'failovers'],
] as const satisfies readonly (readonly [string, keyof ProviderUse])[];

const columns = totals.map(([column]) => column);

/** In the organisation of the transaction. Totals only grow, so that the larger is the later, whichever came first. */
export async function keepUsage(tx: Transaction, record: UsageCounted): Promise<void> {
  const { callId, part, uses } = record;
  if (uses.length > 0)
    await run(
      tx,
      `insert into provider_usage (organisation_id, call_id, part, call_started_at, provider, kind, model, ${columns.join(', ')})
       select calls.organisation_id, calls.id, ?::uuid, calls.started_at, given.*
         from calls, unnest(?::text[], ?::text[], ?::text[], ${columns.map(() => '?::int[]').join(', ')}) as given
        where calls.id = ?
       on conflict (call_id, part, provider, kind, model) do update
         set ${columns.map((column) => `${column} = greatest(provider_usage.${column}, excluded.${column})`).join(', ')}`,
      [
        part,
        uses.map(({ provider }) => provider),
        uses.map(({ kind }) => kind),
        uses.map(({ model }) => model.slice(0, 100)),
        ...totals.map(([, name]) => uses.map((use) => whole(use[name]))),
        callId,
      ],
    );
  for (const { stage, tookMs } of record.stages)
    await run(
      tx,
      `insert into call_stages (organisation_id, call_id, part, stage, call_started_at, took_ms)
       select organisation_id, id, ?::uuid, ?, started_at, ?::int[] from calls where id = ?
       on conflict (call_id, part, stage) do update set took_ms = excluded.took_ms
         where cardinality(excluded.took_ms) > cardinality(call_stages.took_ms)`,
      [part, stage, tookMs.map(whole), callId],
    );
}

/** As the column takes it. */
function whole(n: number): number {
  return Math.max(0, Math.min(2_147_483_647, Math.round(n)));
}
