import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly parameters: Record<string, string>;
}

export type Answer =
  string | { readonly status: number; readonly body?: string; readonly contentType?: string } | { readonly hang: true };

export interface TestApplication {
  readonly origin: string;
  readonly streamUrl: string;
  readonly requests: ReceivedRequest[];
  readonly upgrades: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  readonly close: () => Promise<void>;
}

export interface TestApplicationOptions {
  /** By path; a string is TwiML. `$origin` and `$stream` in it become this server's addresses. */
  readonly routes: Readonly<Record<string, (request: ReceivedRequest) => Answer | Promise<Answer>>>;
  readonly onStream?: (stream: TestStream) => void;
  readonly upgradeStatus?: number;
}

/** The application's end of a stream, with everything received in order. */
export interface TestStream {
  readonly socket: WebSocket;
  readonly messages: StreamMessage[];
  readonly on: (listener: (message: StreamMessage) => void) => void;
  readonly send: (message: Record<string, unknown>) => void;
  readonly streamSid: () => string;
  readonly closed: Promise<number>;
}

export interface StreamMessage {
  readonly event: string;
  readonly streamSid?: string;
  readonly sequenceNumber?: unknown;
  readonly protocol?: string;
  readonly version?: string;
  readonly start?: Record<string, unknown>;
  readonly media?: {
    readonly track: string;
    readonly chunk: unknown;
    readonly timestamp: unknown;
    readonly payload: string;
  };
  readonly mark?: { readonly name: string };
  readonly dtmf?: { readonly track: string; readonly digit: string };
  readonly stop?: Record<string, unknown>;
}

/** An application as small as can be, over real HTTP and real WebSockets. */
export async function startApplication(options: TestApplicationOptions): Promise<TestApplication> {
  const requests: ReceivedRequest[] = [];
  const upgrades: TestApplication['upgrades'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', origin);
      const form = new URLSearchParams(request.method === 'POST' ? Buffer.concat(chunks).toString() : url.search);
      const received: ReceivedRequest = {
        method: request.method ?? '',
        path: url.pathname,
        url: url.href,
        headers: request.headers,
        parameters: Object.fromEntries(form),
      };
      requests.push(received);
      void answerRequest(received, response);
    });
  });
  const answerRequest = async (received: ReceivedRequest, response: ServerResponse): Promise<void> => {
    const answer = (await options.routes[received.path]?.(received)) ?? { status: 404 };
    if (typeof answer !== 'string' && 'hang' in answer) {
      return;
    }
    const { status, body, contentType } =
      typeof answer === 'string' ? { status: 200, body: answer, contentType: undefined } : answer;
    response.writeHead(status, { 'Content-Type': contentType ?? 'text/xml' });
    response.end((body ?? '').replaceAll('$origin', origin).replaceAll('$stream', streamUrl));
  };
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    upgrades.push({ url: request.url ?? '', headers: request.headers });
    if (options.upgradeStatus !== undefined) {
      socket.end(`HTTP/1.1 ${options.upgradeStatus} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => options.onStream?.(follow(webSocket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const streamUrl = `ws://127.0.0.1:${port}/media`;
  return {
    origin,
    streamUrl,
    requests,
    upgrades,
    close: async () => {
      for (const client of sockets.clients) {
        client.terminate();
      }
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function follow(socket: WebSocket): TestStream {
  const messages: StreamMessage[] = [];
  const listeners: ((message: StreamMessage) => void)[] = [];
  let streamSid = '';
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as StreamMessage;
    streamSid = message.streamSid ?? streamSid;
    messages.push(message);
    for (const listener of listeners) {
      listener(message);
    }
  });
  return {
    socket,
    messages,
    on: (listener) => listeners.push(listener),
    send: (message) => socket.send(JSON.stringify(message)),
    streamSid: () => streamSid,
    closed: new Promise((resolve) => socket.on('close', resolve)),
  };
}

export const connectStream = `<Response><Connect action="/after"><Stream url="$stream"><Parameter name="ticket" value="t1"/></Stream></Connect></Response>`;

export function audioMessage(streamSid: string, mulaw: Uint8Array): Record<string, unknown> {
  return { event: 'media', streamSid, media: { payload: Buffer.from(mulaw).toString('base64') } };
}
