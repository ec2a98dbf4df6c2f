import { expect } from 'chai';
import fc from 'fast-check';
import twilio from 'twilio';
import { parseTwiml } from '../../../src/sandbox/carrier/twiml.ts';
import { parseXml } from '../../../src/sandbox/carrier/xml.ts';

const parse = (twiml: string, allowPlainWs = false): ReturnType<typeof parseTwiml> =>
  parseTwiml(twiml, { allowPlainWs });

describe('the carrier reads TwiML', () => {
  it('reads what the vendor SDK writes, with Arabic and special characters', () => {
    const response = new twilio.twiml.VoiceResponse();
    response.say({ language: 'ar-AE', voice: 'Polly.Hala-Neural' }, 'أهلا & "مرحبا" <هنا>');
    const connect = response.connect({ action: '/after?a=1&b=2' });
    const stream = connect.stream({ url: 'wss://bot.example.om/media' });
    stream.parameter({ name: 'ticket', value: 'a"b<c>&' });
    response.redirect({ method: 'POST' }, '/fallback');
    expect(parse(response.toString())).to.deep.equal({
      ok: true,
      faults: [],
      verbs: [
        {
          verb: 'Say',
          content: 'أهلا & "مرحبا" <هنا>',
          loop: 1,
          lengthMs: 1_000,
          language: 'ar-AE',
          voice: 'Polly.Hala-Neural',
        },
        {
          verb: 'Stream',
          url: 'wss://bot.example.om/media',
          name: null,
          parameters: { ticket: 'a"b<c>&' },
          statusCallback: null,
          action: '/after?a=1&b=2',
          method: 'POST',
        },
        { verb: 'Redirect', url: '/fallback', method: 'POST' },
      ],
    });
  });

  it('refuses a document that is no XML, or no response, with 12100', () => {
    for (const broken of [
      '',
      'hello',
      '<Response>',
      '<Response><Say>a</Response>',
      '<Say>a</Say>',
      '<Response a=b/>',
    ]) {
      const result = parse(broken);
      expect(result.ok, broken).to.equal(false);
      expect(!result.ok && result.fault.code, broken).to.equal(12100);
    }
    expect(parse('<Response><Say>&nbsp;</Say></Response>').ok).to.equal(false);
  });

  it('leaves an unknown verb out and takes it down as 12200', () => {
    const result = parse('<Response><Sing>la</Sing><Hangup/></Response>');
    expect(result).to.deep.equal({
      ok: true,
      verbs: [{ verb: 'Hangup' }],
      faults: [{ code: 12200, message: 'Schema validation warning: <Sing> is not performed here' }],
    });
  });

  it('opens streams to wss only, unless plain ones are allowed', () => {
    const document = '<Response><Connect><Stream url="ws://127.0.0.1:9/media"/></Connect></Response>';
    const strict = parse(document);
    expect(strict.ok && strict.faults.map(({ code }) => code)).to.deep.equal([31922]);
    const lenient = parse(document, true);
    expect(lenient.ok && lenient.verbs.map(({ verb }) => verb)).to.deep.equal(['Stream']);
  });

  it('takes stream parameters below 500 characters and refuses the stream with a longer one', () => {
    const withValue = (length: number): string =>
      `<Response><Connect><Stream url="wss://a.om/m"><Parameter name="t" value="${'x'.repeat(length)}"/></Stream></Connect></Response>`;
    const short = parse(withValue(498));
    expect(short.ok && short.faults).to.deep.equal([]);
    const long = parse(withValue(499));
    expect(long.ok && long.faults.map(({ code }) => code)).to.deep.equal([12200]);
  });

  it('reads numbers to dial, in nouns and bare', () => {
    const result = parse(
      '<Response><Dial timeout="20" callerId="+96824000000"><Number statusCallback="/s" statusCallbackEvent="ringing answered">+96890000001</Number></Dial><Dial>+96890000002</Dial></Response>',
    );
    expect(result).to.deep.equal({
      ok: true,
      faults: [],
      verbs: [
        {
          verb: 'Dial',
          numbers: [{ number: '+96890000001', statusCallback: '/s', statusCallbackEvents: ['ringing', 'answered'] }],
          timeoutMs: 20_000,
          callerId: '+96824000000',
          action: null,
          method: 'POST',
        },
        {
          verb: 'Dial',
          numbers: [{ number: '+96890000002', statusCallback: null, statusCallbackEvents: [] }],
          timeoutMs: 30_000,
          callerId: null,
          action: null,
          method: 'POST',
        },
      ],
    });
  });

  it('warns of an attribute or a value that the schema does not know, and performs the verb all the same', () => {
    const result = parse(
      '<Response><Say tempo="slow">a</Say><Dial><Conference beep="loud" jitterBufferSize="small" statusCallbackEvent="start finish" label="x">r</Conference></Dial></Response>',
    );
    expect(result.ok && result.verbs.map(({ verb }) => verb)).to.deep.equal(['Say', 'Conference']);
    expect(result.ok && result.faults).to.deep.equal(
      [
        "Attribute 'tempo' is not allowed to appear in element 'Say'",
        "Value 'loud' of attribute 'beep' is not allowed in element 'Conference'",
        "Value 'finish' of attribute 'statusCallbackEvent' is not allowed in element 'Conference'",
        "Attribute 'label' is not allowed to appear in element 'Conference'",
      ].map((warning) => ({ code: 12200, level: 'warning', message: `Schema validation warning: ${warning}` })),
    );
  });

  it('says so when the schema knows an attribute that is not performed here', () => {
    const result = parse('<Response><Dial><Number url="/whisper">+96890000001</Number></Dial></Response>');
    expect(result.ok && result.faults.map(({ message, level }) => [message, level])).to.deep.equal([
      ["Schema validation warning: Attribute 'url' of element 'Number' is not performed here", 'warning'],
    ]);
  });

  it('reads a conference as the vendor SDK writes it, with the defaults of what is left out', () => {
    const response = new twilio.twiml.VoiceResponse();
    response.dial({ action: '/after' }).conference(
      {
        participantLabel: 'caller',
        endConferenceOnExit: true,
        beep: 'false',
        jitterBufferSize: 'small',
        waitUrl: 'https://bot.example.om/hold',
        statusCallback: 'https://bot.example.om/conf',
        statusCallbackEvent: ['start', 'leave'],
      },
      'room-1',
    );
    const common = {
      verb: 'Conference',
      timeLimitMs: 14_400_000,
      hangupOnStar: false,
      startOnEnter: true,
      muted: false,
    };
    const none = {
      action: null,
      method: 'POST',
      waitMethod: 'POST',
      statusCallbackMethod: 'POST',
      maxParticipants: 250,
    };
    expect(parse(response.toString())).to.deep.equal({
      ok: true,
      faults: [],
      verbs: [
        {
          ...common,
          ...none,
          name: 'room-1',
          endOnExit: true,
          beep: 'false',
          label: 'caller',
          waitUrl: 'https://bot.example.om/hold',
          statusCallback: 'https://bot.example.om/conf',
          statusCallbackEvents: ['start', 'leave'],
          jitterBuffer: 'small',
          action: '/after',
        },
      ],
    });
    const bare = parse('<Response><Dial><Conference>r</Conference></Dial></Response>');
    expect(bare.ok && bare.verbs).to.deep.equal([
      {
        ...common,
        ...none,
        name: 'r',
        endOnExit: false,
        beep: 'true',
        label: null,
        waitUrl: null,
        statusCallback: null,
        statusCallbackEvents: [],
        jitterBuffer: 'large',
      },
    ]);
  });

  it('refuses a label of more than 128 characters with 16025', () => {
    const labelled = (length: number): ReturnType<typeof parseTwiml> =>
      parse(`<Response><Dial><Conference participantLabel="${'x'.repeat(length)}">r</Conference></Dial></Response>`);
    const [short, long] = [labelled(128), labelled(129)];
    expect(short.ok && short.faults).to.deep.equal([]);
    expect(long.ok && long.faults.map(({ code }) => code)).to.deep.equal([16025]);
  });

  it('reads comments, CDATA, declarations and numeric entities as XML does', () => {
    const result = parseXml(
      '<?xml version="1.0"?><!-- a --><Response><Say><![CDATA[1 < 2]]> &#65;&#x42;</Say></Response>',
    );
    expect(result.ok && result.root.children[0]?.text).to.equal('1 < 2 AB');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>&/="' a-cR!?[\]-]{0,40}$/)), (text) => {
        expect(parse(text)).to.have.property('ok');
      }),
    );
  });
});
