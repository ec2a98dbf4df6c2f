import { z } from 'zod';

/** The only reader of the environment. Every fault is reported at once, each with an example. */

const origin = (protocols: readonly string[], example: string) =>
  z.string().refine(
    (text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      return url !== null && protocols.includes(url.protocol);
    },
    { error: `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}, for example ${example}` },
  );

/** A path would be dropped silently, and then no signature of Twilio's would ever fit. Unreadable text has its own fault. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { pathname, search, hash, username } = new URL(text);
  return `${pathname}${search}${hash}${username}` === '/';
}

const wholeNumber = (min: number, max: number, example: string) =>
  z
    .string()
    .regex(/^\d+$/, { error: `must be a whole number, for example ${example}` })
    .transform(Number)
    .refine((n) => n >= min && n <= max, { error: `must be between ${min} and ${max}, for example ${example}` });

const dataKey = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]+=*$/.test(text) && Buffer.from(text, 'base64').length === 32, {
    error: 'must be 32 bytes in base64; make one with: openssl rand -base64 32',
  });

const environment = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'must be development, test or production' })
    .default('development'),
  PORT: wholeNumber(0, 65535, '3000').default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: origin(['https:', 'http:'], 'https://sanad.example.om')
    .refine(isOrigin, { error: 'must be an origin without a path, for example https://sanad.example.om' })
    .transform((text) => new URL(text).origin),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/i, { error: 'must be AC and 32 hex digits, as the Twilio console shows it' }),
  TWILIO_AUTH_TOKEN: z.string().min(16, { error: 'must be the auth token of the Twilio console (32 hex digits)' }),
  TWILIO_PHONE_NUMBER: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be in E.164 form, for example +96824000000' }),
  TWILIO_API_BASE_URL: origin(['http:', 'https:'], 'http://127.0.0.1:4010').optional(),
  /** Calls that the account may start in a second; all escalations share them. */
  TWILIO_CALLS_PER_SECOND: wholeNumber(1, 100, '1').default(1),
  AZURE_SPEECH_KEY: z.string().min(8, { error: 'must be a key of the Azure Speech resource' }),
  AZURE_SPEECH_REGION: z
    .string()
    .regex(/^[a-z0-9]+$/, { error: 'must be an Azure region, for example uaenorth' })
    .optional(),
  AZURE_SPEECH_HOST: origin(['wss:', 'ws:', 'https:', 'http:'], 'wss://sanad.cognitiveservices.azure.com').optional(),
  OPENAI_API_KEY: z.string().min(8, { error: 'must be an OpenAI API key' }).optional(),
  OPENAI_BASE_URL: origin(['https:', 'http:'], 'https://api.openai.com/v1').optional(),
  OPENAI_MODEL: z.string().min(1).default('gpt-4.1'),
  ANTHROPIC_API_KEY: z.string().min(8, { error: 'must be an Anthropic API key' }).optional(),
  ANTHROPIC_BASE_URL: origin(['https:', 'http:'], 'https://api.anthropic.com').optional(),
  ANTHROPIC_MODEL: z.string().min(1).default('claude-sonnet-5-5'),
  DATABASE_URL: origin(['postgres:', 'postgresql:'], 'postgres://sanad:secret@127.0.0.1:5432/sanad').optional(),
  REDIS_URL: origin(['redis:', 'rediss:'], 'redis://127.0.0.1:6379').optional(),
  DATA_KEY: dataKey,
  DATA_KEY_PREVIOUS: dataKey.optional(),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], { error: 'must be error, warn, info or debug' })
    .default('info'),
  /** The language in which calls are answered. */
  DEFAULT_LANGUAGE: z.enum(['ar-OM', 'ar', 'en'], { error: 'must be ar-OM, ar or en' }).default('ar-OM'),
  /** `yes`: a key is asked for before any sound is listened to; `no`: consent is asked in the call. */
  CONSENT_BEFORE_AUDIO: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no'),
  /** The telephone of last resort: rung when Sanad itself cannot hold the call, also with the database down. */
  FALLBACK_PHONE_NUMBER: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be in E.164 form, for example +96891234567' })
    .optional(),
  /** The sender of text messages to Oman, where a name is registered with the networks (docs/sms.md). */
  SMS_SENDER_NAME: z
    .string()
    .regex(/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/, {
      error: 'must be at most 11 letters, digits and blanks, with a letter, for example Nasma',
    })
    .optional(),
  /** The file of the telephone numbers that callers may be told; without one none is. */
  EMERGENCY_NUMBERS_FILE: z
    .string()
    .regex(/\.json$/i, { error: 'must name a JSON file, for example /etc/sanad/emergency-numbers.json' })
    .optional(),
});

type Given = Readonly<Record<string, string>>;

/**
 * What one variable demands of another. On the text as given, not on the parsed settings: a fault elsewhere must not hide
 * these, or the person who sets this up meets them one by one.
 */
function faultsBetween(env: Given): readonly SettingFault[] {
  const faults: SettingFault[] = [];
  const fault = (name: SettingName, message: string) => faults.push({ name, message });
  if (!env['AZURE_SPEECH_REGION'] && !env['AZURE_SPEECH_HOST'])
    fault('AZURE_SPEECH_REGION', 'is missing (or set AZURE_SPEECH_HOST), for example uaenorth');
  if (!env['OPENAI_API_KEY'] && !env['ANTHROPIC_API_KEY'])
    fault('OPENAI_API_KEY', 'is missing (at least one of OPENAI_API_KEY and ANTHROPIC_API_KEY is needed)');
  if (env['DATA_KEY'] && env['DATA_KEY'] === env['DATA_KEY_PREVIOUS'])
    fault('DATA_KEY_PREVIOUS', 'must differ from DATA_KEY: it is the key from before the change, or not set');
  if (env['NODE_ENV'] !== 'production') return faults;
  if (env['TWILIO_API_BASE_URL']) fault('TWILIO_API_BASE_URL', 'is for tests only and must not be set in production');
  if (env['PUBLIC_URL'] && !/^https:/i.test(env['PUBLIC_URL']))
    fault(
      'PUBLIC_URL',
      'must be https in production, for example https://sanad.example.om: Twilio streams to wss only',
    );
  if (!env['DATABASE_URL'])
    fault(
      'DATABASE_URL',
      'is missing: production keeps its records in a real PostgreSQL, for example postgres://sanad:secret@db:5432/sanad',
    );
  if (!env['FALLBACK_PHONE_NUMBER'])
    fault('FALLBACK_PHONE_NUMBER', 'is missing: someone must answer when Sanad cannot, for example +96891234567');
  return faults;
}

export type Settings = Readonly<z.infer<typeof environment>>;

export type SettingName = keyof z.input<typeof environment>;

/** One fault of the environment; the message never contains the value. */
export interface SettingFault {
  readonly name: string;
  readonly message: string;
}

export class SettingsError extends Error {
  readonly faults: readonly SettingFault[];
  constructor(faults: readonly SettingFault[]) {
    super(
      [
        'The settings are not usable:',
        ...faults.map((f) => `  ${f.name} ${f.message}`),
        'See the settings table in README.md.',
      ].join('\n'),
    );
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/**
 * Reads the settings; throws `SettingsError` with every fault there is, at most one for each variable. An empty variable
 * counts as not set, and blanks around a value (a copied key often has them) are not part of it.
 */
export function readSettings(env: Environment = process.env): Settings {
  const given = givenIn(env);
  const result = environment.safeParse(given);
  const faults = faultsIn(given, result.error);
  if (result.success && faults.length === 0) return result.data;
  throw new SettingsError(faults);
}

type Environment = Readonly<Record<string, string | undefined>>;

function givenIn(env: Environment): Given {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()] as const] : [])),
  );
}

function faultsIn(given: Given, error: z.ZodError | undefined): readonly SettingFault[] {
  const ofEach = (error?.issues ?? []).map((issue) => describe(issue, given));
  const faults = new Map<string, SettingFault>();
  for (const fault of [...ofEach, ...faultsBetween(given)]) {
    if (!faults.has(fault.name)) faults.set(fault.name, fault);
  }
  return [...faults.values()];
}

const partOfEnvironment = environment.partial();

/** The settings without fault, defaults included, when others have one. */
export type SoundSettings = Readonly<z.infer<typeof partOfEnvironment>>;

export interface SettingsInspection {
  readonly sound: SoundSettings;
  readonly faults: readonly SettingFault[];
}

/** The same reading for whoever wants to look at what can be used: never throws. */
export function inspectSettings(env: Environment = process.env): SettingsInspection {
  const given = givenIn(env);
  const faults = faultsIn(given, environment.safeParse(given).error);
  const faulty = new Set(faults.map(({ name }) => name));
  const sound = Object.fromEntries(Object.entries(given).filter(([name]) => !faulty.has(name)));
  return { sound: partOfEnvironment.parse(sound), faults };
}

function describe(issue: z.core.$ZodIssue, given: Given): SettingFault {
  const name = String(issue.path[0] ?? 'environment');
  const missing = issue.code !== 'custom' && !(name in given);
  return { name, message: missing ? `is missing: ${exampleOf(name)}` : issue.message };
}

function exampleOf(name: string): string {
  const examples: Readonly<Record<string, string>> = {
    PUBLIC_URL: 'the origin Twilio reaches, for example https://sanad.example.om',
    TWILIO_ACCOUNT_SID: 'AC and 32 hex digits, as the Twilio console shows it',
    TWILIO_AUTH_TOKEN: 'the auth token of the Twilio console',
    TWILIO_PHONE_NUMBER: 'the number callers dial, for example +96824000000',
    AZURE_SPEECH_KEY: 'a key of the Azure Speech resource',
    DATA_KEY: '32 bytes in base64; make one with: openssl rand -base64 32',
  };
  return examples[name] ?? 'see the settings table in README.md';
}
