/** A local HTTP server in the place of the carrier's REST interface; each test scripts its answers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly form: readonly (readonly [string, string])[];
}

export type RestAnswer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string }
  | 'never'
  | 'hangUp';

export interface CarrierRest {
  readonly url: string;
  readonly requests: readonly RestRequest[];
  readonly close: () => Promise<void>;
}

/** @param answers one for each request, in order; the last one is given again */
export async function carrierRest(...answers: readonly RestAnswer[]): Promise<CarrierRest> {
  const requests: RestRequest[] = [];
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const taken = await take(request);
    const answer = answers[Math.min(requests.push(taken), answers.length) - 1];
    if (answer !== undefined) reply(response, answer);
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function take(request: IncomingMessage): Promise<RestRequest> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization ?? '',
    form: [...new URLSearchParams(body)],
  };
}

function reply(response: ServerResponse, answer: RestAnswer): void {
  if (answer === 'never') return;
  if (answer === 'hangUp') {
    response.destroy();
    return;
  }
  const isJson = 'json' in answer;
  response.writeHead(answer.status, { 'content-type': isJson ? 'application/json' : 'text/html' });
  response.end(isJson ? JSON.stringify(answer.json) : answer.text);
}
