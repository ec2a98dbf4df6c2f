import { expect } from 'chai';
import { systemClock, type Clock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { callerNumber } from '../../src/http/parameters.ts';
import type { NextStep } from '../../src/session/callDesk.ts';
import { callSid } from '../twilio/carrierMessages.ts';
import { callParameters, openEdge, type EdgeOptions, type TestEdge } from './edge.ts';

describe('the webhooks of a call', () => {
  let edge: TestEdge | null = null;
  afterEach(async () => {
    await edge?.server.close();
    edge = null;
  });

  async function open(options: EdgeOptions = {}): Promise<TestEdge> {
    edge = await openEdge(options);
    return edge;
  }

  it('admits an incoming call and answers with its stream', async () => {
    const { webhook, desk } = await open();
    const response = await webhook('/twilio/voice', callParameters());
    expect(desk.asked).to.deep.equal([['admit', { callSid, from: '+96891112222', to: '+96824000000' }]]);
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'text/xml; charset=utf-8']);
    expect(await response.text())
      .to.include('<Stream url="wss://sanad.example.om/twilio/media"')
      .and.include('value="t-1"');
  });

  it('ignores parameters that it does not know', async () => {
    const { webhook, desk } = await open();
    const response = await webhook(
      '/twilio/voice',
      callParameters({ NewThing: 'سلام', StirVerstat: 'No-TN-Validation' }),
    );
    expect([response.status, desk.asked.length]).to.deep.equal([200, 1]);
  });

  for (const from of ['anonymous', 'unknown', '+266696687', '+7378742833', '', 'sip:a@b', 'client:x', null]) {
    it(`admits a caller whose number is ${from === null ? 'missing' : `"${from}"`} as withheld`, async () => {
      const { webhook, desk } = await open();
      await webhook('/twilio/voice', callParameters({ From: from }));
      expect(desk.asked).to.deep.equal([['admit', { callSid, from: null, to: '+96824000000' }]]);
    });
  }

  it('takes every other number for a number', () => {
    expect(['+96891234567', '+12025550123', '+442079460000'].map(callerNumber)).to.deep.equal([
      '+96891234567',
      '+12025550123',
      '+442079460000',
    ]);
  });

  it('asks what comes next when a stream is over', async () => {
    const { webhook, desk } = await open();
    desk.step = () => Promise.resolve({ kind: 'person', reason: 'asked', language: 'en' });
    const response = await webhook('/twilio/after-stream', callParameters({ CallStatus: 'in-progress' }));
    expect(desk.asked).to.deep.equal([['afterStream', callSid]]);
    expect(await response.text()).to.include('<Number>+96891234567</Number>');
  });

  const dialled: readonly [string | null, 'spoke' | 'nobody'][] = [
    ['completed', 'spoke'],
    ['answered', 'spoke'],
    ['busy', 'nobody'],
    ['no-answer', 'nobody'],
    ['failed', 'nobody'],
    ['canceled', 'nobody'],
    [null, 'nobody'],
  ];
  for (const [status, outcome] of dialled) {
    it(`takes a person who was rung with the result ${status ?? 'missing'} for ${outcome}`, async () => {
      const { webhook, desk } = await open();
      await webhook('/twilio/after-person', callParameters({ CallStatus: 'in-progress', DialCallStatus: status }));
      expect(desk.asked).to.deep.equal([['afterPerson', callSid, outcome]]);
    });
  }

  it('takes a final status on any webhook for the end of the call, and asks nothing more', async () => {
    for (const path of ['/twilio/voice', '/twilio/after-stream', '/twilio/after-person', '/twilio/call-status']) {
      const { webhook, desk, server } = await open();
      const response = await webhook(path, callParameters({ CallStatus: 'completed' }));
      expect(response.status).to.equal(path === '/twilio/call-status' ? 204 : 200);
      expect(await response.text()).to.not.include('<Stream');
      expect(desk.asked).to.deep.equal([['callEnded', callSid, 'completed']]);
      await server.close();
    }
  });

  it('does not take a status that is not final for the end', async () => {
    const { webhook, desk } = await open();
    await webhook('/twilio/call-status', callParameters({ CallStatus: 'in-progress' }));
    expect(desk.asked).to.deep.equal([]);
  });

  it('takes notice of a stream, and refuses a notice that it cannot read', async () => {
    const { webhook, desk } = await open();
    const read = await webhook(
      '/twilio/stream-status',
      callParameters({ StreamEvent: 'stream-error', StreamError: 'x' }),
    );
    const unread = await webhook('/twilio/stream-status', callParameters({ StreamEvent: 'stream-paused' }));
    expect([read.status, unread.status, desk.asked]).to.deep.equal([204, 400, []]);
  });

  describe('when our side fails', () => {
    const reachesPerson = async (response: Response) => {
      expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'text/xml; charset=utf-8']);
      expect(await response.text())
        .to.include('something went wrong on our side')
        .and.include('<Number>+96891234567</Number>');
    };
    const paths = ['/twilio/voice', '/twilio/after-stream', '/twilio/after-person'];
    const failures: readonly [string, () => Promise<NextStep>][] = [
      ['rejects', () => Promise.reject(new Error('database down'))],
      [
        'throws',
        () => {
          throw new TypeError('broken');
        },
      ],
      ['gives a step that cannot be printed', () => Promise.resolve({ kind: 'stream', ticket: 'x'.repeat(1_000) })],
    ];
    for (const [what, step] of failures) {
      it(`brings the caller to a person when the desk ${what}, whatever it was asked`, async () => {
        const { webhook, desk, metrics } = await open();
        desk.step = step;
        for (const path of paths)
          await reachesPerson(await webhook(path, callParameters({ CallStatus: 'in-progress' })));
        const { text } = await metrics.exposition();
        for (const question of ['admit', 'afterStream', 'afterPerson'])
          expect(text).to.include(`sanad_desk_failures_total{question="${question}",why="threw"} 1`);
      });
    }

    it('brings the caller to a person when the desk does not answer within 900 ms', async () => {
      const waits: number[] = [];
      const impatient: Clock = {
        ...systemClock,
        setTimeout: (run, ms) => {
          waits.push(ms);
          return setTimeout(run, 1);
        },
      };
      const { webhook, desk } = await open({ clock: impatient });
      desk.step = () => new Promise(() => {});
      await reachesPerson(await webhook('/twilio/voice', callParameters()));
      expect(waits).to.deep.equal([900]);
    });

    it('outlives a late failure of a desk that was too slow', async () => {
      const { webhook, desk } = await open({ clock: { ...systemClock, setTimeout: (run) => setTimeout(run, 1) } });
      let fail = (_error: Error): void => {};
      desk.step = () =>
        new Promise((_resolve, reject) => {
          fail = reject;
        });
      await reachesPerson(await webhook('/twilio/voice', callParameters()));
      fail(new Error('late'));
      desk.step = () => Promise.resolve({ kind: 'hangUp' });
      const after = await webhook('/twilio/after-stream', callParameters({ CallStatus: 'in-progress' }));
      expect(await after.text()).to.include('<Hangup/>');
    });

    it('brings the caller to a person when the call cannot be read, since the carrier signed it', async () => {
      const { webhook, desk } = await open();
      for (const path of paths) await reachesPerson(await webhook(path, callParameters({ CallSid: 'CA-no' })));
      expect(desk.asked).to.deep.equal([]);
    });

    it('counts its attempts through the callback and ends after the fifth with honest words', async () => {
      const { webhook, desk } = await open();
      desk.step = () => Promise.reject(new Error('down'));
      let path = '/twilio/voice';
      const asked: string[] = [];
      for (;;) {
        asked.push(path);
        const text = await (await webhook(path, callParameters({ CallStatus: 'in-progress' }))).text();
        const next = /action="https:\/\/sanad\.example\.om([^"]+)"/.exec(text)?.[1];
        if (next === undefined) {
          expect(text).to.include('We are very sorry').and.include('<Hangup/>');
          break;
        }
        path = next;
      }
      expect(asked).to.deep.equal([
        '/twilio/voice',
        ...[2, 3, 4, 5, 6].map((attempt) => `/twilio/after-person?attempt=${attempt}`),
      ]);
    });

    it('answers the fallback without asking the desk anything', async () => {
      const { webhook, desk } = await open();
      await reachesPerson(await webhook('/twilio/fallback', callParameters({ ErrorCode: '11200' })));
      expect(desk.asked).to.deep.equal([]);
    });

    it('keeps the caller on the line when nobody is configured to be rung', async () => {
      const { webhook } = await open({ fallbackPhoneNumber: undefined });
      const text = await (await webhook('/twilio/fallback', callParameters())).text();
      expect(text)
        .to.include('https://sanad.example.om/twilio/after-person?attempt=2</Redirect>')
        .and.not.include('<Dial');
    });

    it('gives a carrier the fallback for a listed route that throws, and anybody else a plain 500', async () => {
      const broken = () => {
        throw new Error('no');
      };
      const { webhook, url } = await open({
        log: silentLog,
        routes: [
          { method: 'POST', path: '/twilio/broken', guard: 'carrier', answer: broken },
          { method: 'GET', path: '/broken', guard: 'open', answer: broken },
        ],
      });
      await reachesPerson(await webhook('/twilio/broken', callParameters()));
      const plain = await fetch(`${url}/broken`);
      expect([plain.status, await plain.text()]).to.deep.equal([500, '']);
    });
  });
});
