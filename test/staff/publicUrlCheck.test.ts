import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { freePort } from '../../src/embedded/port.ts';
import { inspectSettings } from '../../src/settings.ts';
import { runCheck } from '../../src/staff/doctor/check.ts';
import { publicUrlCheck } from '../../src/staff/doctor/publicUrlCheck.ts';
import { httpServer, type LocalServer, silentServer } from './localServer.ts';

const standIn = 'http://127.0.0.1:4010';

async function look(url: string, carrier: string | undefined = standIn): Promise<readonly string[]> {
  const inspection = inspectSettings({ PUBLIC_URL: url, ...(carrier ? { TWILIO_API_BASE_URL: carrier } : {}) });
  const rows = await runCheck(publicUrlCheck, inspection, { timeoutMs: 400, graceMs: 100 });
  return rows.map((row) => `${row.state}: ${row.detail}`.replace(/\d+ ms/, 'N ms'));
}

/** Answers as Sanad would, but is no more than that. */
const likeSanad =
  (ready: { readonly status: number; readonly body: unknown }): RequestListener =>
  (request, response) => {
    const isLive = request.url === '/health/live';
    response.writeHead(isLive ? 200 : ready.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isLive ? { live: true } : ready.body));
  };

describe('the public address', () => {
  let server: LocalServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  const serve = async (answer: RequestListener): Promise<string> => {
    server = await httpServer(answer);
    return server.url;
  };

  it('where nothing listens: Sanad may not have been started yet', async () => {
    expect(await look(`http://127.0.0.1:${await freePort()}`)).to.deep.equal([
      'warning: Sanad does not answer there: nothing listens there',
      'skipped: no Sanad answers at PUBLIC_URL',
      'skipped: no Sanad answers at PUBLIC_URL',
    ]);
  });

  it('where nobody ever answers', async () => {
    server = await silentServer();
    expect((await look(server.url))[0]).to.equal('warning: Sanad does not answer there: no answer');
  });

  it('where something else answers, however much it says', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200).end('<html>'.repeat(100_000));
    });
    expect((await look(url))[0]).to.equal('warning: something else answers there (status 200)');
  });

  it('that leads elsewhere', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/login' }).end());
    expect((await look(url))[0]).to.equal('warning: something else answers there (status 302)');
  });

  it('that no name server knows', async () => {
    expect((await look('http://no-such-host.invalid'))[0]).to.match(
      /^(fault: the name of the host does not resolve|warning: Sanad does not answer there: no name server answers)$/,
    );
  });

  it('that speaks no TLS though it should', async () => {
    const url = await serve((_request, response) => response.end());
    expect((await look(url.replace('http:', 'https:')))[0]).to.match(/^fault: it does not speak TLS$/);
  });

  it('where Sanad says that it is not ready, and why', async () => {
    const body = { ready: false, checks: { calls: true, database: true, fixedLines: false } };
    const url = await serve(likeSanad({ status: 503, body }));
    expect((await look(url)).slice(0, 2)).to.deep.equal([
      'ok: Sanad answers in N ms',
      'fault: it says that it cannot take a call now: fixedLines',
    ]);
  });

  it('whose proxy keeps web sockets back', async () => {
    const url = await serve(likeSanad({ status: 200, body: { ready: true, checks: {} } }));
    expect(await look(url)).to.deep.equal([
      'ok: Sanad answers in N ms',
      'ok: it says that it is ready for calls',
      'fault: a web socket does not come through to Sanad (status 200)',
    ]);
  });

  it('whose proxy keeps the second question back', async () => {
    const url = await serve(likeSanad({ status: 404, body: 'not here' }));
    expect((await look(url))[1]).to.equal('warning: it does not say whether it is ready');
  });

  it('that the real Twilio could not use', async () => {
    const port = await freePort();
    const own = ['localhost', '127.0.0.1', '[::1]'].map((name) => look(`http://${name}:${port}`, ''));
    for (const [address] of await Promise.all(own))
      expect(address).to.equal('fault: Twilio cannot reach this machine by that name');
    expect((await look('http://no-such-host.invalid', ''))[0]).to.equal(
      'fault: Twilio streams audio to https origins only',
    );
  });
});
