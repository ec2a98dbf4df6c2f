import { expect } from 'chai';
import { callSid } from '../twilio/carrierMessages.ts';
import { callParameters, openEdge, type TestEdge } from './edge.ts';

describe('the webhook that asks for a key before any audio', () => {
  let edge: TestEdge | null = null;
  afterEach(async () => {
    await edge?.server.close();
    edge = null;
  });

  it('lets the carrier ask for one key, and asks us again with or without it', async () => {
    edge = await openEdge();
    const sentences = ['Hello.', 'Press one.'];
    edge.desk.step = () =>
      Promise.resolve({ kind: 'askForKey', asked: 1, sentences, voice: 'Polly.Amy-Neural', language: 'en-GB' });
    const text = await (await edge.webhook('/twilio/voice', callParameters())).text();
    const action = 'https://sanad.example.om/twilio/consent?asked=1';
    expect(text).to.include(`<Gather input="dtmf" numDigits="1" timeout="8" action="${action}" method="POST">`);
    expect(text).to.include('<Say language="en-GB" voice="Polly.Amy-Neural">Press one.</Say></Gather>');
    expect(text).to.include(`<Redirect method="POST">${action}</Redirect>`);
    expect(text).to.not.include('<Stream');
  });

  const pressed: readonly (readonly [string | null, string | null])[] = [
    ['1', '1'],
    ['2', '2'],
    [null, null],
    ['#', null],
    ['12', null],
  ];
  for (const [sent, digit] of pressed)
    it(`takes ${sent === null ? 'no digits' : `"${sent}"`} for ${digit === null ? 'no key' : `key ${digit}`}`, async () => {
      edge = await openEdge();
      await edge.webhook('/twilio/consent?asked=2', callParameters({ Digits: sent }));
      const consent = { asked: 2, digit };
      expect(edge.desk.asked).to.deep.equal([
        ['admit', { callSid, from: '+96891112222', to: '+96824000000', consent }],
      ]);
    });

  it('refuses what the carrier has not signed', async () => {
    edge = await openEdge();
    const unsigned = { 'x-twilio-signature': 'forged' };
    const response = await edge.webhook('/twilio/consent?asked=1', callParameters({ Digits: '1' }), unsigned);
    expect([response.status, edge.desk.asked]).to.deep.equal([403, []]);
  });
});
