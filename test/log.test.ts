import { Writable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { type LogFields, createLog, faultOf, mask } from '../src/log.ts';

type Level = Parameters<typeof createLog>[0];

function logged(level: Level, write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(...chunk.toString('utf8').trimEnd().split('\n'));
      done();
    },
  });
  write(createLog(level, stream));
  return lines.map((line): Record<string, unknown> => {
    const { timestamp, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(timestamp).to.match(/^\d{4}-\d\d-\d\dT/);
    return rest;
  });
}

describe('a log line', () => {
  const masked: readonly [string, string][] = [
    ['calling +96891234567 now', 'calling «number» now'],
    ['calling 0096891234567', 'calling «number»'],
    ['calling 9123 4567', 'calling «number»'],
    ['calling 91-23-45-67', 'calling «number»'],
    ['calling (968) 9123-4567', 'calling «number»'],
    ['calling 968.9123.4567', 'calling «number»'],
    ['from=+96891234567&to=+96824000000', 'from=«number»&to=«number»'],
    ['tel:+96891234567', 'tel:«number»'],
    ['she said أنا تعبانة وايد today', 'she said «…» today'],
    ['numbers ٩١٢٣٤٥٦٧ too', 'numbers «…» too'],
    ['forms ﻣﺮﺣﺒﺎ too', 'forms «…» too'],
    [
      'wss://host/x?Ocp-Apim-Subscription-Key=0a1b2c3d&format=simple',
      'wss://host/x?Ocp-Apim-Subscription-Key=***&format=simple',
    ],
    ['Authorization: Bearer abc.def.ghi failed', 'Authorization: *** failed'],
    ['{"apiKey":"abcdef","n":1}', '{"apiKey":"***","n":1}'],
    ['AuthToken=abcdef', 'AuthToken=***'],
    ['Incorrect API key provided: sk-proj-abcdefghijkl.', 'Incorrect API key provided: ***.'],
    ['postgres://sanad:hunter2@db:5432/sanad', 'postgres://***@db:5432/sanad'],
    ['redis://:hunter2@127.0.0.1:6379', 'redis://***@127.0.0.1:6379'],
  ];
  for (const [text, expected] of masked) {
    it(`masks ${JSON.stringify(text)}`, () => expect(mask(text)).to.equal(expected));
  }

  const kept = [
    'call 123e4567-e89b-12d3-a456-426614174000 ended',
    'CA0123456789abcdef0123456789abcdef went',
    'at 2026-11-20T17:47:07.123Z',
    'at 2026-11-20 17:47',
    'reconnected to 192.168.100.200 after 1500 ms',
    'took 12.5 ms for 960 frames',
  ];
  for (const text of kept) it(`leaves ${JSON.stringify(text)} as it is`, () => expect(mask(text)).to.equal(text));

  it('never shows a number that could be dialled, in whatever groups it is written', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 14 });
    const separator = fc.constantFrom('', '', ' ', '-', '.');
    fc.assert(
      fc.property(digits, fc.array(separator, { minLength: 14, maxLength: 14 }), (number, separators) => {
        // Read as a date or an address it is kept: those must go on to be readable.
        const written = number.map((digit, i) => `${digit}${i + 1 < number.length ? separators[i] : ''}`).join('');
        fc.pre(!/^(\d{4}-\d\d-\d\d.*|.*\d{1,3}(\.\d{1,3}){3}.*)$/.test(written));
        expect(mask(`to ${written}, then`)).to.equal('to «number», then');
      }),
    );
  });

  it('is masked in its message and in every field, ids too', () => {
    const lines = logged('info', (log) =>
      log.info('rang +96891234567', {
        callerId: '+96891234567',
        said: 'مرحبا',
        callId: 'a1',
        waitedMs: 12,
        dataKey: 'abc',
      }),
    );
    expect(lines).to.deep.equal([
      {
        level: 'info',
        message: 'rang «number»',
        callerId: '«number»',
        said: '«…»',
        callId: 'a1',
        waitedMs: 12,
        dataKey: '***',
      },
    ]);
  });

  it('keeps its own level and message whatever the fields are called', () => {
    const fields: LogFields = { level: 'debug', message: 'other' };
    expect(logged('info', (log) => log.warn('ours', fields))).to.deep.equal([{ level: 'warn', message: 'ours' }]);
  });

  it('is written at the level asked for and above', () => {
    const lines = logged('warn', (log) => {
      log.debug('a');
      log.info('b');
      log.warn('c');
      log.error('d');
    });
    expect(lines.map((line) => line['level'])).to.deep.equal(['warn', 'error']);
  });

  it('costs nothing when its level is off: neither message nor fields are looked at', () => {
    let looks = 0;
    const fields: LogFields = {
      get text() {
        looks += 1;
        return 'x';
      },
    };
    expect(logged('info', (log) => log.debug('a', fields))).to.deep.equal([]);
    expect(looks).to.equal(0);
  });
});

describe('what is handed to a log against its type', () => {
  const words = 'she told me everything';
  const number = '+96891234567';
  /** Nestings that hold words under a name for words, a number anywhere, and a key under a name for keys. */
  const nested = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.constantFrom<unknown>(1, true, null, `rang ${number}`, Buffer.from(words), new TextEncoder().encode(number)),
      fc.constant({ text: words, dataKey: 'sesame', n: 1 }),
      fc.record({ transcript: fc.array(fc.constant(words), { maxLength: 3 }), phoneNumber: fc.constant(96891234567) }),
      fc.record({ body: fc.record({ inner: fc.constant(words) }) }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'detail', 'payload', number), tie('value'), { maxKeys: 3 }),
      tie('value').map((cause) => new Error(`could not ring ${number}`, { cause })),
      tie('value').map((one) => new AggregateError([one], `all of ${number}`)),
      tie('value').map((one) => new Map([['inner', one]])),
    ),
  }));

  it('shows no number, no words under a name for words, no key and no bytes, however deep they lie', () => {
    fc.assert(
      fc.property(nested.value, (value) => {
        const fields = { detail: value } as unknown as LogFields;
        const line = JSON.stringify(logged('info', (log) => log.info('a', fields)));
        for (const secret of ['91234567', words, 'sesame', Buffer.from(words).join()])
          expect(line.includes(secret), `${secret} in ${line}`).to.equal(false);
      }),
    );
  });

  it('ends with circles, throwing getters, endless depth and endless lists', () => {
    const circle: Record<string, unknown> = { n: 1 };
    circle['self'] = circle;
    const deep = Array.from({ length: 10_000 }).reduce<unknown>((inner) => ({ inner }), 'end');
    const trap = {
      get value(): string {
        throw new Error('no');
      },
    };
    const fields = { circle, deep, trap, many: Array.from({ length: 10_000 }, () => 1) } as unknown as LogFields;
    const line = logged('info', (log) => log.info('a', fields))[0];
    expect(line).to.deep.include({
      circle: { n: 1, self: '«…»' },
      trap: '«…»',
      many: Array.from({ length: 50 }, () => 1),
    });
    expect(JSON.stringify(line).length).to.be.lessThan(1_000);
  });

  it('keeps what a log is for: names of errors with their causes, codes, ids, counts', () => {
    const cause = Object.assign(new TypeError('no'), { code: 'ECONNRESET' });
    const fields = { error: new Error('lost', { cause }), words: 12, callId: 'a1' } as unknown as LogFields;
    expect(logged('info', (log) => log.info('a', fields))).to.deep.equal([
      {
        level: 'info',
        message: 'a',
        error: { error: 'Error', message: 'lost', cause: { error: 'TypeError', message: 'no', code: 'ECONNRESET' } },
        words: 12,
        callId: 'a1',
      },
    ]);
  });
});

describe('what a log says about an error', () => {
  it('is its name and place, never its message', () => {
    const said = faultOf(new TypeError('rang +96891234567'));
    expect(said['fault']).to.equal('TypeError');
    expect(said['at']).to.match(/\(\/?test\/log\.test\.ts:\d+/);
    expect(JSON.stringify(said)).not.to.include('9123');
  });

  it('is its type when it is no error at all', () => {
    expect(faultOf('+96891234567')).to.deep.equal({ fault: 'string' });
  });
});
