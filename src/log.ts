import winston from 'winston';

/**
 * Logs carry ids, durations and counts. Never words or numbers of a caller, never a key: those have no field here, and
 * `mask` is the last net under messages and fields that came from elsewhere.
 */
export interface Log {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `name=value`, `name: value`, `"name":"value"`; the value up to a blank, a quote or the next parameter. */
const namedSecret =
  /\b([\w-]*(?:key|token|authorization|password|secret|signature|ticket))(["']?\s*[=:]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s&"',;}]+/gi;
/** `//user:password@host` of database and queue addresses. */
const userInfo = /(\/\/)[^/\s@]+@/g;
/** Keys that their makers marked: OpenAI's and Anthropic's `sk-…`. */
const markedKey = /\bsk-[\w-]{8,}/g;
/** Arabic letters and digits, with their presentation forms. */
const arabicWords =
  /[\u0600-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC](?:[\s\u0600-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC]*[\u0600-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC])?/g;
/**
 * First what must be told apart from a telephone number: UUIDs, Twilio's ids, times, IPv4 addresses. Then anything that could be
 * dialled: seven digits or more (Oman's numbers have eight), grouped in any way.
 */
const identifierOrNumber =
  /\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Z]{2}[0-9a-f]{32}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?|\d{1,3}(?:\.\d{1,3}){3})\b|\+?\(?\d(?:[\s().-]{0,3}\d){6,}/gi;

/** Exported for the tests: what a string looks like in a log. */
export function mask(text: string): string {
  return text
    .replace(namedSecret, '$1$2***')
    .replace(userInfo, '$1***@')
    .replace(markedKey, '***')
    .replace(arabicWords, '«…»')
    .replace(identifierOrNumber, (found: string, identifier: string | undefined) =>
      identifier === undefined ? '«number»' : found,
    );
}

const secretField = /key|token|password|secret|authorization|signature|ticket/i;

/** Every field, ids too: `callerId` is a telephone number in this trade. */
const maskEverything = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) {
    if (typeof value !== 'string' || name === 'level' || name === 'timestamp') continue;
    info[name] = secretField.test(name) ? '***' : mask(value);
  }
  return info;
});

const levels = ['error', 'warn', 'info', 'debug'] as const;

/**
 * Lines of JSON on standard error, or on `stream`. A level below `level` is an empty function (winston's own takes 1.4 µs to
 * find out that it has nothing to do), so debug lines may stand on the path of audio frames.
 */
export function createLog(level: (typeof levels)[number], stream?: NodeJS.WritableStream): Log {
  const logger = winston.createLogger({
    level,
    format: winston.format.combine(maskEverything(), winston.format.timestamp(), winston.format.json()),
    transports: [
      stream
        ? new winston.transports.Stream({ stream })
        : new winston.transports.Console({ stderrLevels: [...levels] }),
    ],
  });
  const at = (name: (typeof levels)[number]): Log['info'] =>
    levels.indexOf(name) > levels.indexOf(level)
      ? () => {}
      : (message, fields) => void logger.log({ ...fields, level: name, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * What a log may say about an error of unknown origin: its name and where it was thrown. Not its message, which may quote
 * a caller's words, a number or a request with its key.
 */
export function faultOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { fault: typeof error };
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return {
    fault: error.name,
    at: frame?.replace(/^\s+at /, '').replace(/\(?(?:file:\/\/)?\S*\/(src|test|node_modules)\//, '($1/'),
  };
}
