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
/** Names under which somebody's words or numbers travel. A count under one of them is no word. */
const wordsField =
  /^(?:text|words?|body|transcript|said|heard\w*|spoken|prompt|content|history|briefing|quote|summary)$/i;
const numberField = /phone|msisdn|^(?:from|to|number|caller|called|callerId)$/i;

/** What is deeper, longer or more than this is left out: a log line is bounded whatever is handed in. */
const most = { depth: 6, entries: 50, characters: 4_000 } as const;
const leftOut = '«…»';

/**
 * What any value looks like in a log, under the name of its field. Errors keep their name, code and causes; bytes, functions and what
 * goes round in circles are left out. Never throws, whatever a getter does.
 */
function masked(name: string, value: unknown, around: readonly object[] = []): unknown {
  if (secretField.test(name)) return value === null || value === undefined ? value : '***';
  if (typeof value === 'string') return wordsField.test(name) ? leftOut : mask(value.slice(0, most.characters));
  if (typeof value === 'bigint' || (typeof value === 'number' && numberField.test(name)))
    return mask(String(value)) === String(value) ? value.toString() : '«number»';
  if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value)) return value;
  if (typeof value !== 'object') return leftOut;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? leftOut : value.toISOString();
  if (around.length >= most.depth || around.includes(value) || ArrayBuffer.isView(value)) return leftOut;
  if (value instanceof ArrayBuffer) return leftOut;
  try {
    return maskedParts(name, value, [...around, value]);
  } catch {
    return leftOut;
  }
}

function maskedParts(name: string, value: object, around: readonly object[]): unknown {
  // Elements are what their list is: `words: ['…']` is no less words than `words: '…'`.
  if (Array.isArray(value) || value instanceof Set)
    return [...value].slice(0, most.entries).map((element: unknown) => masked(name, element, around));
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  if (value instanceof Error) {
    entries.unshift(['error', value.name], ['message', value.message], ['cause', value.cause]);
    if (value instanceof AggregateError) entries.push(['errors', value.errors]);
  }
  const whole = wordsField.test(name) ? name : null;
  return Object.fromEntries(
    entries
      .slice(0, most.entries)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [mask(String(key)), masked(whole ?? String(key), part, around)]),
  );
}

/** Message and every field, ids too: `callerId` is a telephone number in this trade. The one place where logs are masked. */
const maskEverything = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) {
    if (name === 'level' || name === 'timestamp') continue;
    const key = mask(name);
    if (key !== name) delete info[name];
    info[key] = name === 'message' && typeof value === 'string' ? mask(value) : masked(name, value);
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
