import { expect } from 'chai';
import fc from 'fast-check';
import { SettingsError, readSettings } from '../src/settings.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const accountSid = `AC${'0'.repeat(32)}`;

const complete = {
  PUBLIC_URL: 'https://sanad.example.om',
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: 'twilio-token-of-the-test',
  TWILIO_PHONE_NUMBER: '+96824000000',
  AZURE_SPEECH_KEY: 'azure-key-of-the-test',
  AZURE_SPEECH_REGION: 'uaenorth',
  OPENAI_API_KEY: 'openai-key-of-the-test',
  DATA_KEY: key(1),
};

const production = {
  ...complete,
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://sanad:secret@db:5432/sanad',
  FALLBACK_PHONE_NUMBER: '+96891234567',
};

type Environment = Readonly<Record<string, string | undefined>>;

function faults(env: Environment): Record<string, string> {
  try {
    readSettings(env);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.faults.map(({ name, message }) => [name, message]));
  }
}

describe('the settings', () => {
  it('have defaults for everything that can have one', () => {
    expect(readSettings(complete)).to.deep.equal({
      ...complete,
      NODE_ENV: 'development',
      PORT: 3000,
      HOST: '127.0.0.1',
      OPENAI_MODEL: 'gpt-4.1',
      ANTHROPIC_MODEL: 'claude-sonnet-5-5',
      LOG_LEVEL: 'info',
      DEFAULT_LANGUAGE: 'ar-OM',
      CONSENT_BEFORE_AUDIO: 'no',
      TWILIO_CALLS_PER_SECOND: 1,
    });
  });

  it('are taken in production when they are complete', () => {
    expect(readSettings(production)).to.include({ NODE_ENV: 'production', FALLBACK_PHONE_NUMBER: '+96891234567' });
  });

  it('drop the slash behind the origin, and blanks around a value', () => {
    const settings = readSettings({ ...complete, PUBLIC_URL: ' https://Sanad.example.om/ ', DATA_KEY: `${key(1)}\n` });
    expect([settings.PUBLIC_URL, settings.DATA_KEY]).to.deep.equal(['https://sanad.example.om', key(1)]);
  });

  it('take an empty variable for one that is not set', () => {
    expect(readSettings({ ...complete, PORT: '', OPENAI_MODEL: '  ', REDIS_URL: '' })).to.deep.equal(
      readSettings(complete),
    );
  });

  it('take Anthropic alone, and a private speech host instead of a region', () => {
    const { OPENAI_API_KEY: _, AZURE_SPEECH_REGION: __, ...rest } = complete;
    const env = { ...rest, ANTHROPIC_API_KEY: 'anthropic-key', AZURE_SPEECH_HOST: 'ws://127.0.0.1:4020' };
    expect(faults(env)).to.deep.equal({});
  });

  const origins = 'must be a URL that starts with';
  const number = 'must be in E.164 form, for example';
  const data = 'must be 32 bytes in base64; make one with: openssl rand -base64 32';
  const wrong: readonly [name: string, value: string, message: string][] = [
    ['NODE_ENV', 'prod', 'must be development, test or production'],
    ['PORT', 'http', 'must be a whole number, for example 3000'],
    ['PORT', '70000', 'must be between 0 and 65535, for example 3000'],
    ['PUBLIC_URL', 'sanad.example.om', `${origins} https:// or http://, for example https://sanad.example.om`],
    ['PUBLIC_URL', 'https://x.om/sanad', 'must be an origin without a path, for example https://sanad.example.om'],
    ['TWILIO_ACCOUNT_SID', 'AC12', 'must be AC and 32 hex digits, as the Twilio console shows it'],
    ['TWILIO_AUTH_TOKEN', 'short', 'must be the auth token of the Twilio console (32 hex digits)'],
    ['TWILIO_PHONE_NUMBER', '24000000', `${number} +96824000000`],
    ['TWILIO_API_BASE_URL', 'local', `${origins} http:// or https://, for example http://127.0.0.1:4010`],
    ['AZURE_SPEECH_KEY', 'short', 'must be a key of the Azure Speech resource'],
    ['AZURE_SPEECH_REGION', 'UAE North', 'must be an Azure region, for example uaenorth'],
    [
      'AZURE_SPEECH_HOST',
      'ftp://x',
      `${origins} wss:// or ws:// or https:// or http://, for example wss://sanad.cognitiveservices.azure.com`,
    ],
    ['OPENAI_API_KEY', 'short', 'must be an OpenAI API key'],
    ['OPENAI_BASE_URL', 'x', `${origins} https:// or http://, for example https://api.openai.com/v1`],
    ['ANTHROPIC_API_KEY', 'short', 'must be an Anthropic API key'],
    ['ANTHROPIC_BASE_URL', 'x', `${origins} https:// or http://, for example https://api.anthropic.com`],
    [
      'DATABASE_URL',
      'mysql://x',
      `${origins} postgres:// or postgresql://, for example postgres://sanad:secret@127.0.0.1:5432/sanad`,
    ],
    ['REDIS_URL', 'localhost:6379', `${origins} redis:// or rediss://, for example redis://127.0.0.1:6379`],
    ['DATA_KEY', 'c2hvcnQ=', data],
    ['DATA_KEY', '!'.repeat(44), data],
    ['DATA_KEY_PREVIOUS', 'c2hvcnQ=', data],
    ['DATA_KEY_PREVIOUS', key(1), 'must differ from DATA_KEY: it is the key from before the change, or not set'],
    ['LOG_LEVEL', 'loud', 'must be error, warn, info or debug'],
    ['FALLBACK_PHONE_NUMBER', '911', `${number} +96891234567`],
    ['SMS_SENDER_NAME', '12345', 'must be at most 11 letters, digits and blanks, with a letter, for example Nasma'],
    ['EMERGENCY_NUMBERS_FILE', 'numbers', 'must name a JSON file, for example /etc/sanad/emergency-numbers.json'],
  ];
  for (const [name, value, message] of wrong) {
    it(`refuse ${name}=${value}`, () =>
      expect(faults({ ...complete, [name]: value })).to.deep.equal({ [name]: message }));
  }

  const missing: readonly [name: keyof typeof complete, message: string][] = [
    ['PUBLIC_URL', 'is missing: the origin Twilio reaches, for example https://sanad.example.om'],
    ['TWILIO_ACCOUNT_SID', 'is missing: AC and 32 hex digits, as the Twilio console shows it'],
    ['TWILIO_AUTH_TOKEN', 'is missing: the auth token of the Twilio console'],
    ['TWILIO_PHONE_NUMBER', 'is missing: the number callers dial, for example +96824000000'],
    ['AZURE_SPEECH_KEY', 'is missing: a key of the Azure Speech resource'],
    ['AZURE_SPEECH_REGION', 'is missing (or set AZURE_SPEECH_HOST), for example uaenorth'],
    ['OPENAI_API_KEY', 'is missing (at least one of OPENAI_API_KEY and ANTHROPIC_API_KEY is needed)'],
    ['DATA_KEY', 'is missing: 32 bytes in base64; make one with: openssl rand -base64 32'],
  ];
  for (const [name, message] of missing) {
    it(`ask for ${name}`, () => expect(faults({ ...complete, [name]: undefined })).to.deep.equal({ [name]: message }));
  }

  it('report everything at once, also what one variable demands of another', () => {
    expect(faults({ NODE_ENV: 'production', PORT: 'x', TWILIO_API_BASE_URL: 'http://127.0.0.1:1' })).to.have.all.keys(
      'PORT',
      ...missing.map(([name]) => name),
      'TWILIO_API_BASE_URL',
      'DATABASE_URL',
      'FALLBACK_PHONE_NUMBER',
    );
  });

  it('demand of production a secure origin, a real database, a person to fall back on and the real carrier', () => {
    const env = { ...complete, NODE_ENV: 'production', PUBLIC_URL: 'http://sanad.om', TWILIO_API_BASE_URL: 'http://x' };
    expect(faults(env)).to.deep.equal({
      TWILIO_API_BASE_URL: 'is for tests only and must not be set in production',
      PUBLIC_URL: 'must be https in production, for example https://sanad.example.om: Twilio streams to wss only',
      DATABASE_URL:
        'is missing: production keeps its records in a real PostgreSQL, for example postgres://sanad:secret@db:5432/sanad',
      FALLBACK_PHONE_NUMBER: 'is missing: someone must answer when Sanad cannot, for example +96891234567',
    });
  });

  it('say it in one message, one line for each fault', () => {
    expect(() => readSettings({ ...complete, PORT: 'x', LOG_LEVEL: 'loud' })).to.throw(
      SettingsError,
      [
        'The settings are not usable:',
        '  PORT must be a whole number, for example 3000',
        '  LOG_LEVEL must be error, warn, info or debug',
        'See the settings table in README.md.',
      ].join('\n'),
    );
  });

  it('never repeat a value, which may be a secret in the wrong place', () => {
    const names = [...new Set([...wrong.map(([name]) => name), ...missing.map(([name]) => name)])];
    // Letters that no message of ours contains in this order.
    const secret = fc.string({ unit: fc.constantFrom('q', 'Z', '7', '§'), minLength: 6, maxLength: 60 });
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), secret, (chosen, value) => {
        const env = { ...production, ...Object.fromEntries(chosen.map((name) => [name, value])) };
        expect(JSON.stringify(faults(env))).not.to.include(value);
      }),
    );
  });
});
