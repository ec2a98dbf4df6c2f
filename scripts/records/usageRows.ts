import type { CopyRows } from './copyRows.ts';

/** What an invented call used of the providers, and the times of its stages. */

export interface Used {
  readonly organisationId: Buffer;
  readonly id: Buffer;
  readonly startedAt: number;
  readonly seconds: number;
  /** Of Sanad. */
  readonly turns: number;
}

type Copies = Readonly<Record<'provider_usage' | 'call_stages', CopyRows>>;

const stageTimes = [
  ['endOfTurn', 500],
  ['words', 20],
  ['firstToken', 300],
  ['firstSentence', 450],
  ['firstAudio', 120],
  ['firstReplyFrame', 900],
] as const;

export async function addUsage(copies: Copies, { organisationId, id, startedAt, seconds, turns }: Used): Promise<void> {
  const uses = [
    ['openai', 'reply', 'gpt-4.1', turns, turns * 1_500, turns * 1_000, turns * 60, 0],
    ['openai', 'classifier', 'gpt-4.1', turns, turns * 900, turns * 800, turns * 80, 0],
    ['openai', 'judge', 'gpt-4.1', turns >> 2, turns * 600, 0, turns * 40, 0],
    ['azure', 'recognition', '', 1, 0, 0, 0, seconds * 1_000],
    ['azure', 'synthesis', '', turns, 0, 0, 0, turns * 120],
    ['twilio', 'callerLeg', '', 1, 0, 0, 0, Math.ceil(seconds / 60)],
  ] as const;
  for (const [provider, kind, ...counts] of uses) {
    const [model, ...sums] = counts;
    const failures = Math.random() < 0.01 ? 1 : 0;
    const failovers = kind === 'reply' ? failures : 0;
    await copies.provider_usage.add([
      organisationId,
      id,
      id,
      provider,
      kind,
      model,
      startedAt,
      ...sums,
      failures,
      failovers,
    ]);
  }
  for (const [stage, least] of stageTimes) {
    const tookMs = Array.from({ length: turns }, () => least + Math.floor(Math.random() * least));
    await copies.call_stages.add([organisationId, id, id, stage, startedAt, tookMs]);
  }
}
