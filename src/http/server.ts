/** The listening socket: starts, bounds slow clients, and lets go of everything in bounded time. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { WebSocket } from 'ws';
import { limits } from '../limits.ts';
import type { Settings } from '../settings.ts';
import { createEdge, type Edge, type EdgeDependencies } from './app.ts';

export interface HttpDependencies extends EdgeDependencies {
  readonly settings: EdgeDependencies['settings'] & Pick<Settings, 'HOST' | 'PORT'>;
}

export interface HttpServer {
  /** The port listened on; of interest when `PORT` is 0. */
  readonly port: number;
  /**
   * Stops accepting, lets requests under way finish, and closes the sockets with 1001: the carrier then asks `after-stream`,
   * and whichever server answers that goes on with the call. Done within `limits.socketCloseMs`, whatever the others do.
   */
  readonly close: () => Promise<void>;
}

/** Rejects when the address cannot be listened on. */
export async function startHttp(dependencies: HttpDependencies): Promise<HttpServer> {
  const { settings, log } = dependencies;
  const server = createServer({
    headersTimeout: limits.requestHeadersMs,
    requestTimeout: limits.requestMs,
    // How often the two above are looked at; the default of 30 s would make them mean nothing.
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: limits.requestHeadersMs,
  });
  const edge = createEdge(server, dependencies);
  await listen(server, settings.HOST, settings.PORT);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.PORT;
  log.info('listening', { host: settings.HOST, port });
  let closing: Promise<void> | null = null;
  return {
    port,
    close: () => {
      closing ??= closeAll(server, edge, dependencies);
      return closing;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeOf(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

async function closeAll(server: Server, { sockets }: Edge, { clock }: HttpDependencies): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  // The calls hear of it before we say that we are done, so that what they still write is written.
  const gone = [...sockets.clients].map(closeOf);
  for (const socket of sockets.clients) socket.close(1001);
  const timer = clock.setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  }, limits.socketCloseMs);
  await Promise.all([closed, ...gone]);
  clock.clearTimeout(timer);
}
