import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A wire to a server that a test can cut, or let swallow everything without a word. */
export interface TcpProxy {
  readonly port: number;
  /** Where new connections go from now on. */
  readonly aimAt: (port: number) => void;
  /** Resets every connection and refuses new ones. */
  readonly cut: () => void;
  /** Keeps every connection open, and lets nothing through. */
  readonly stall: () => void;
  readonly restore: () => void;
  readonly close: () => Promise<void>;
}

export async function openProxy(targetPort: number): Promise<TcpProxy> {
  let target = targetPort;
  let state: 'open' | 'cut' | 'stalled' = 'open';
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (data) => state === 'open' && to.write(data));
      from.on('error', end);
      from.on('close', end);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const dropAll = () => pairs.forEach(([near]) => near.resetAndDestroy());
  return {
    port: address.port,
    aimAt: (port) => {
      target = port;
    },
    cut: () => {
      state = 'cut';
      dropAll();
    },
    stall: () => {
      state = 'stalled';
    },
    restore: () => {
      if (state === 'stalled') dropAll();
      state = 'open';
    },
    close: async () => {
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
