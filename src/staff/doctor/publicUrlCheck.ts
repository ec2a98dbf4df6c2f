import { isIP } from 'node:net';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { systemClock } from '../../clock.ts';
import { carrierPaths } from '../../twilio/twiml.ts';
import { type Asking, defineCheck } from './check.ts';
import { fault, type Finding, ok, warning } from './finding.ts';
import { codeOf, isAboutTls, reasonOf } from './networkReason.ts';

type Ids = 'publicUrl' | 'readiness' | 'streamSocket';

/** Is this the origin that Twilio reaches, does Sanad answer there, and do web sockets come through? */
export const publicUrlCheck = defineCheck({
  rows: ['publicUrl', 'readiness', 'streamSocket'],
  uses: ['PUBLIC_URL', 'TWILIO_API_BASE_URL'],
  late: {
    state: 'warning',
    fix: 'Start Sanad, and see that what stands before it (proxy, tunnel, firewall) passes requests on to it.',
  },
  run: async ({ PUBLIC_URL: url, TWILIO_API_BASE_URL: standIn }, asking) => {
    const shape = standIn === undefined ? ofRealCarrier(url) : null;
    const live = await get(`${url}/health/live`, asking.timeoutMs);
    asking.report('publicUrl', shape ?? liveFinding(live));
    if (live.kind !== 'answer' || !isSanad(live)) {
      asking.report('readiness', notAnswering);
      return asking.report('streamSocket', notAnswering);
    }
    asking.report('readiness', readyFinding(await get(`${url}/health/ready`, asking.timeoutMs)));
    return asking.report('streamSocket', socketFinding(await upgradeStatus(url, asking)));
  },
});

const notAnswering: Finding = { state: 'skipped', detail: 'no Sanad answers at PUBLIC_URL' };

/** What the real Twilio cannot use, whatever answers there. */
function ofRealCarrier(url: string): Finding | null {
  const { hostname, protocol } = new URL(url);
  const example = 'for example https://sanad.example.om (for a trial: the address of a tunnel).';
  if (isLoopback(hostname))
    return fault('Twilio cannot reach this machine by that name', `Set PUBLIC_URL to a public origin, ${example}`);
  if (protocol === 'http:')
    return fault('Twilio streams audio to https origins only', `Set PUBLIC_URL to an https origin, ${example}`);
  return null;
}

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

type Got =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly ms: number }
  | { readonly kind: 'failed'; readonly code: string };

/** Bodies of ours are about 100 bytes; a stranger's page may be of any size. */
const bodyBytes = 10_000;

async function get(url: string, timeoutMs: number): Promise<Got> {
  const startedAt = systemClock.now();
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const body = await beginningOf(answer);
    return { kind: 'answer', status: answer.status, body, ms: Math.round(systemClock.now() - startedAt) };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return { kind: 'failed', code: late ? 'ETIMEDOUT' : (codeOf(error) ?? 'unknown') };
  }
}

async function beginningOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= bodyBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isSanad({ status, body }: Got & { kind: 'answer' }): boolean {
  return status === 200 && z.object({ live: z.literal(true) }).safeParse(parseJson(body)).success;
}

function liveFinding(live: Got): Finding {
  if (live.kind === 'answer') {
    if (isSanad(live)) return ok(`Sanad answers in ${live.ms} ms`);
    const fix =
      'Point PUBLIC_URL, or the proxy behind it, to Sanad; a redirect or a sign-in page stops Twilio as well.';
    return warning(`something else answers there (status ${live.status})`, fix);
  }
  const why = reasonOf(live.code);
  if (live.code === 'ENOTFOUND') return fault(why, 'Correct PUBLIC_URL, or add the name to the DNS.');
  if (isAboutTls(live.code))
    return fault(why, 'Give the proxy at PUBLIC_URL a certificate that browsers take, with its whole chain.');
  return warning(
    `Sanad does not answer there: ${why}`,
    'Start it with: npm start. If it runs, see that proxy, tunnel and firewall pass requests on to it.',
  );
}

const readiness = z.object({ ready: z.boolean(), checks: z.record(z.string().max(40), z.boolean()) });

function readyFinding(got: Got): Finding {
  const read = got.kind === 'answer' ? readiness.safeParse(parseJson(got.body)) : null;
  if (read?.success !== true)
    return warning('it does not say whether it is ready', 'Pass /health/ready on to Sanad, too.');
  if (read.data.ready) return ok('it says that it is ready for calls');
  const names = Object.entries(read.data.checks).flatMap(([name, good]) => (good ? [] : [name]));
  return fault(
    `it says that it cannot take a call now: ${names.join(', ') || 'no reason given'}`,
    'Wait a minute if it has just started (fixed lines are spoken first); else see its log.',
  );
}

/** An upgrade without a signature: Sanad itself refuses it with 403, so this status proves that upgrades come through. */
function upgradeStatus(url: string, { timeoutMs, signal }: Asking<Ids>): Promise<number | null> {
  const target = new URL(carrierPaths.media, url.replace(/^http/, 'ws'));
  return new Promise((resolve) => {
    const socket = new WebSocket(target, { handshakeTimeout: timeoutMs, perMessageDeflate: false });
    const end = (status: number | null): void => {
      resolve(status);
      socket.terminate();
    };
    signal.addEventListener('abort', () => end(null), { once: true });
    socket.on('unexpected-response', (_request, response) => end(response.statusCode ?? null));
    socket.on('open', () => end(101));
    socket.on('error', () => end(null));
  });
}

function socketFinding(status: number | null): Finding {
  if (status === 403) return ok('web sockets come through, and unsigned ones are refused');
  if (status === 503) return warning('it has no room for a further stream now', 'Wait, or start a further server.');
  const seen = status === null ? 'no answer' : `status ${status}`;
  return fault(
    `a web socket does not come through to Sanad (${seen})`,
    `Let the proxy pass on upgrades of ${carrierPaths.media} (nginx: proxy_http_version 1.1, headers Upgrade and Connection).`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
