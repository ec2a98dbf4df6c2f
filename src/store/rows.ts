import type { Knex } from 'knex';
import { z } from 'zod';
import type { Transaction } from './database.ts';

/** Runs one statement with `?` for each value. An array is one value (for `unnest` and `any`), which knex's type forgets. */
export async function run(tx: Transaction, sql: string, values: readonly unknown[] = []): Promise<unknown> {
  return await tx.raw(sql, values as readonly Knex.RawBinding[]);
}

/** Rows come back from the driver untyped; each statement says what it expects and gets exactly that. */
export function readRows<T>(schema: z.ZodType<T>, result: unknown): readonly T[] {
  return z.object({ rows: z.array(schema) }).parse(result).rows;
}

export function readCount(result: unknown): number {
  return z.object({ rowCount: z.number() }).parse(result).rowCount;
}

export const sealedColumn = z.instanceof(Buffer);

/** Of danger: rising (`RiskLevel`). */
export const levelColumn = z.enum(['none', 'low', 'moderate', 'high', 'imminent']);
