import { createServer } from 'node:net';

/** A port of 127.0.0.1 that is free now. Another process may take it before our server does: callers try again. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port was given'));
        else resolve(address.port);
      });
    });
  });
}

/** Resolves true as soon as `attempt` does; false after `limitMs`, or at once when `givenUp` says so. */
export async function until(
  attempt: () => Promise<boolean>,
  options: { readonly limitMs: number; readonly pauseMs: number; readonly givenUp: () => boolean },
): Promise<boolean> {
  const end = performance.now() + options.limitMs;
  while (performance.now() < end && !options.givenUp()) {
    if (await attempt()) return true;
    await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
  }
  return false;
}
