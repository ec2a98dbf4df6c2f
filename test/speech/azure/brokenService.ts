import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** A service that does what no service should: the test decides what, message by message. */
export interface BrokenService {
  readonly host: string;
  readonly close: () => void;
}

export interface ClientMessage {
  readonly socket: WebSocket;
  readonly tcp: Duplex;
  /** Path of a text message. */
  readonly message: string;
  readonly requestId: string;
}

export function textFrame(path: string, requestId: string, body = '{}'): string {
  return `Path: ${path}\r\nX-RequestId: ${requestId}\r\nContent-Type: application/json\r\n\r\n${body}`;
}

export async function startBrokenService(onMessage: (message: ClientMessage) => void): Promise<BrokenService> {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const connections = new Set<Duplex>();
  http.on('upgrade', (request, tcp, head: Buffer) => {
    connections.add(tcp);
    tcp.on('error', () => {});
    sockets.handleUpgrade(request, tcp, head, (socket) => {
      socket.on('error', () => {});
      socket.on('message', (data, isBinary) => {
        if (isBinary || !Buffer.isBuffer(data)) return;
        const text = data.toString('utf8');
        const message = /^Path:\s*(\S+)/im.exec(text)?.[1];
        const requestId = /^X-RequestId:\s*(\w+)/im.exec(text)?.[1];
        if (message !== undefined && requestId !== undefined) onMessage({ socket, tcp, message, requestId });
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `ws://127.0.0.1:${port}`,
    close: () => {
      for (const tcp of connections) tcp.destroy();
      http.close();
    },
  };
}
