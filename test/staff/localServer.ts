import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createTcp, type Server, type Socket } from 'node:net';

export interface LocalServer {
  readonly port: number;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** An HTTP server of a stranger's, on 127.0.0.1. */
export function httpServer(answer: RequestListener): Promise<LocalServer> {
  return listen(createHttp(answer));
}

/** Takes connections and never says a word. */
export function silentServer(): Promise<LocalServer> {
  return listen(createTcp((socket) => void socket.on('error', () => {})));
}

async function listen(server: Server): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the local server has no port');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
