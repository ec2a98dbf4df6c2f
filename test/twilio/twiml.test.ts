import { expect } from 'chai';
import { limits } from '../../src/limits.ts';
import { createTwiml } from '../../src/twilio/twiml.ts';

const settings = {
  publicUrl: 'https://sanad.example.om',
  phoneNumber: '+96824000000',
  fallbackPhoneNumber: '+96891234567',
};
const twiml = createTwiml(settings);
const withoutPerson = createTwiml({ ...settings, fallbackPhoneNumber: null });

const head = '<?xml version="1.0" encoding="UTF-8"?>';
const stream = (ticket: string) =>
  '<Connect action="https://sanad.example.om/twilio/after-stream" method="POST">' +
  '<Stream url="wss://sanad.example.om/twilio/media" ' +
  'statusCallback="https://sanad.example.om/twilio/stream-status" statusCallbackMethod="POST">' +
  `<Parameter name="ticket" value="${ticket}"/></Stream></Connect>` +
  '<Redirect method="POST">https://sanad.example.om/twilio/fallback</Redirect>';
const dial = (action: string) =>
  `<Dial action="https://sanad.example.om${action}" method="POST" answerOnBridge="true" ` +
  'callerId="+96824000000" timeout="18"><Number>+96891234567</Number></Dial>';
const spoken = (document: string) => [...document.matchAll(/<Say [^>]*>([^<]*)</g)].map((match) => match[1]);

describe('what the carrier is told to do next', () => {
  it('opens the stream with its ticket, asks us when it ends, and has a verb after it', () => {
    expect(twiml.print({ kind: 'stream', ticket: 't-1' })).to.equal(`${head}<Response>${stream('t-1')}</Response>`);
  });

  it('streams to ws when the public origin is http', () => {
    const local = createTwiml({ ...settings, publicUrl: 'http://127.0.0.1:3000' });
    expect(local.print({ kind: 'stream', ticket: 't' })).to.include('<Stream url="ws://127.0.0.1:3000/twilio/media"');
  });

  it('refuses a ticket that the carrier would not pass on', () => {
    const longest = 'x'.repeat(499 - 'ticket'.length);
    expect(twiml.print({ kind: 'stream', ticket: longest })).to.include(longest);
    expect(() => twiml.print({ kind: 'stream', ticket: `${longest}x` })).to.throw(RangeError, 'too long');
  });

  it("says sentences with the carrier's voice, then opens the stream", () => {
    const document = twiml.print({
      kind: 'sayThenStream',
      ticket: 't-2',
      sentences: ['أنا معك.', 'لحظة.'],
      voice: 'Polly.Zayd-Neural',
      language: 'ar-AE',
    });
    expect(document).to.equal(
      `${head}<Response><Say language="ar-AE" voice="Polly.Zayd-Neural">أنا معك.</Say>` +
        `<Say language="ar-AE" voice="Polly.Zayd-Neural">لحظة.</Say>${stream('t-2')}</Response>`,
    );
  });

  it('prints any sentence as valid XML, bounded in length and number', () => {
    const document = twiml.print({
      kind: 'sayThenStream',
      ticket: 't',
      sentences: ['a<b>&"\u0000\u0007\ud800\uffff 😀', 'x'.repeat(10_000), ...Array.from({ length: 50 }, () => 'more')],
      voice: 'v',
      language: 'l',
    });
    const said = spoken(document);
    expect(said[0]).to.equal('a&lt;b&gt;&amp;" 😀');
    expect(said[1]).to.equal('x'.repeat(limits.sentenceCharacters));
    expect(said.length).to.equal(limits.replySentences);
  });

  it("tells the caller in the caller's language and rings the person", () => {
    expect(twiml.print({ kind: 'person', reason: 'asked', language: 'ar' })).to.equal(
      `${head}<Response><Say language="ar-AE" voice="Polly.Hala-Neural">` +
        `لحظة من فضلك. يتم الآن تحويل المكالمة إلى شخص. الرجاء البقاء على الخط.</Say>${dial('/twilio/after-person')}</Response>`,
    );
  });

  it('tells it in Arabic and in English when the language is not known', () => {
    const said = spoken(twiml.print({ kind: 'person', reason: 'full' }));
    expect(said).to.deep.equal([
      'نعتذر، سند مشغول الآن بمكالمات أخرى. يتم الآن تحويل المكالمة إلى شخص. الرجاء البقاء على الخط.',
      'Sorry, Sanad is busy with other calls. You are being put through to a person. Please stay on the line.',
    ]);
  });

  it('says honestly that nobody can be reached, and stays, when no person is configured', () => {
    expect(withoutPerson.print({ kind: 'person', reason: 'risk', language: 'en' })).to.equal(
      `${head}<Response><Say language="en-US" voice="Polly.Joanna-Neural">` +
        'Sorry, nobody can be reached right now. Please stay on the line, Sanad is here.</Say>' +
        '<Redirect method="POST">https://sanad.example.om/twilio/after-person</Redirect></Response>',
    );
  });

  it('hangs up', () => {
    expect(twiml.print({ kind: 'hangUp' })).to.equal(`${head}<Response><Hangup/></Response>`);
  });

  it('has nothing to say with an empty document', () => {
    expect(twiml.nothing()).to.equal(`${head}<Response/>`);
  });
});

describe('the fallback', () => {
  it('apologises, rings the person and comes back with the next attempt', () => {
    const document = twiml.fallback(1);
    expect(spoken(document)[1]).to.equal(
      'Sorry, something went wrong on our side. You are being put through to a person. Please stay on the line.',
    );
    expect(document.endsWith(`${dial('/twilio/after-person?attempt=2')}</Response>`)).to.equal(true);
  });

  it('asks the caller to stay and asks us again when no person is configured', () => {
    const document = withoutPerson.fallback(2);
    expect(spoken(document)[1]).to.equal(
      'Sorry, something went wrong on our side. Please stay on the line, we are trying again.',
    );
    expect(document).to.match(
      /<Pause length="2"\/><Redirect method="POST">https:\/\/sanad\.example\.om\/twilio\/after-person\?attempt=3<\/Redirect><\/Response>$/,
    );
  });

  it('ends with honest words, in both languages, after its last attempt', () => {
    for (const each of [twiml, withoutPerson]) {
      const document = each.fallback(limits.fallbackAttempts + 1);
      expect(spoken(document).length).to.equal(2);
      expect(document).to.match(/You can call us again at any time\.<\/Say><Hangup\/><\/Response>$/);
      expect(each.fallback(limits.fallbackAttempts)).to.not.include('<Hangup');
    }
  });

  it('always speaks Arabic with an Arabic voice, and never any telephone number', () => {
    const documents = [1, 2, 9].flatMap((attempt) => [twiml.fallback(attempt), withoutPerson.fallback(attempt)]);
    for (const document of documents) {
      for (const [said, language, voice] of document.matchAll(/<Say language="([^"]+)" voice="([^"]+)">[^<]*/g)) {
        const arabic = /[\u0600-\u06ff]/.test(said);
        expect([language, voice]).to.deep.equal(
          arabic ? ['ar-AE', 'Polly.Hala-Neural'] : ['en-US', 'Polly.Joanna-Neural'],
        );
      }
      expect(spoken(document).join(' ')).to.not.match(/[\d٠-٩]/);
    }
  });
});
