import net from 'node:net';

/** A network between the SDK and the service that can be cut at any moment, with everything that is under way in it. */
export interface CuttableProxy {
  readonly host: string;
  /** Ends every connection there is, without a goodbye. New ones are let through. */
  readonly cut: () => void;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

export async function startProxy(toPort: number): Promise<CuttableProxy> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const service = net.connect(toPort, '127.0.0.1');
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        service.destroy();
      });
    }
    client.pipe(service);
    service.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `ws://127.0.0.1:${port}`,
    cut,
    connections: () => sockets.size / 2,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
