import type { Transaction } from '../../store/database.ts';
import { idsNamed } from '../../store/escalationQueries.ts';
import { misused, refused, type Outcome } from '../outcome.ts';

export type FoundId =
  { readonly kind: 'found'; readonly id: string } | { readonly kind: 'refused'; readonly outcome: Outcome };

const shortestPrefix = 4;
const nouns = {
  escalations: { one: 'escalation', list: 'escalations list' },
  callback_tasks: { one: 'task', list: 'tasks list' },
  call_summaries: { one: 'summary', list: 'summaries list' },
} as const;

/** By id, or by how it begins. */
export async function findId(tx: Transaction, table: keyof typeof nouns, words: string): Promise<FoundId> {
  const { one, list } = nouns[table];
  const name = words.trim();
  const digits = name.replaceAll('-', '');
  if (!/^[0-9a-f]{4,32}$/i.test(digits))
    return refusal(
      misused(
        'wrongId',
        `"${name}" is no id. An id is 32 hex digits, at least its first ${shortestPrefix}, as ${list} shows them.`,
      ),
    );
  const ids = await idsNamed(tx, table, name, 6);
  const [id] = ids;
  if (id === undefined)
    return refusal(refused('unknownId', `There is no ${one} "${name}". See: npm run sanad -- ${list}`));
  if (ids.length === 1) return { kind: 'found', id };
  return refusal(
    refused(
      'ambiguousId',
      `"${name}" begins several: ${ids.map((each) => each.slice(0, 13)).join(', ')}. Type more of the id.`,
    ),
  );
}

function refusal(outcome: Outcome): FoundId {
  return { kind: 'refused', outcome };
}
