/** Is the process alive, and could it hold a call now? Names and booleans only: this is open to anybody. */
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import { faultOf, type Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Answer, Route } from './router.ts';

export interface NamedCheck {
  /** Short and plain: `database`, `recogniser`. It is shown. */
  readonly name: string;
  /** True when a call could be served as far as this is concerned. Throwing and being slow count as false. */
  readonly check: () => boolean | Promise<boolean>;
}

export interface HealthDependencies {
  readonly checks: readonly NamedCheck[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function healthRoutes(dependencies: HealthDependencies): readonly Route[] {
  const { checks, metrics } = dependencies;
  const cached = checks.map(({ name, check }) => ({ name, ask: cachedCheck(name, check, dependencies) }));
  return [
    { method: 'GET', path: '/health/live', guard: 'open', answer: () => json(200, { live: true }) },
    {
      method: 'GET',
      path: '/health/ready',
      guard: 'open',
      answer: async () => {
        const results = await Promise.all(cached.map(async ({ name, ask }) => [name, await ask()] as const));
        const ready = results.every(([, good]) => good);
        return json(ready ? 200 : 503, { ready, checks: Object.fromEntries(results) });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      guard: 'neighbours',
      answer: async () => {
        const { contentType, text } = await metrics.exposition();
        return { status: 200, contentType, body: text };
      },
    },
  ];
}

/**
 * One question at a time and an answer that lasts `limits.healthCacheMs`: a crowd of probes must not become a load on what
 * they probe.
 */
function cachedCheck(name: string, check: NamedCheck['check'], { clock, log }: HealthDependencies) {
  let answer: { readonly good: boolean; readonly atMs: number } | null = null;
  let asking: Promise<boolean> | null = null;

  const askNow = async (): Promise<boolean> => {
    const good = await bounded(check, clock).catch((error: unknown) => {
      log.warn('a check of readiness failed', { check: name, ...faultOf(error) });
      return false;
    });
    if (answer !== null && answer.good !== good) log.info('readiness changed', { check: name, good });
    answer = { good, atMs: clock.now() };
    asking = null;
    return good;
  };

  return (): Promise<boolean> => {
    if (answer !== null && clock.now() - answer.atMs < limits.healthCacheMs) return Promise.resolve(answer.good);
    asking ??= askNow();
    return asking;
  };
}

async function bounded(check: NamedCheck['check'], clock: Clock): Promise<boolean> {
  let timer: ReturnType<Clock['setTimeout']> | undefined;
  const tooSlow = new Promise<boolean>((resolve) => {
    timer = clock.setTimeout(() => resolve(false), limits.healthCheckMs);
  });
  try {
    return await Promise.race([(async () => check())(), tooSlow]);
  } finally {
    if (timer !== undefined) clock.clearTimeout(timer);
  }
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}
