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

const phoneNumber = /\+?\d[\d\s-]{6,}\d/g;
const secret = /(key|token|authorization|password)=[^&\s]+/gi;
const arabicWords = /[\u0600-\u06FF][\u0600-\u06FF\s]*/g;

/** Exported for the tests: what a string looks like in a log. */
export function mask(text: string): string {
  return text
    .replace(secret, '$1=***')
    .replace(arabicWords, '«…»')
    .replace(phoneNumber, (digits) => (isIdentifier(digits) ? digits : '«number»'));
}

/** Timestamps and the like are long runs of digits, too; only what could be dialled is masked. */
function isIdentifier(digits: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(digits);
}

const maskEverything = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) {
    if (typeof value === 'string' && name !== 'level' && name !== 'timestamp' && !/Id$|Sid$/.test(name)) {
      info[name] = mask(value);
    }
  }
  return info;
});

export function createLog(level: string, stream?: NodeJS.WritableStream): Log {
  return winston.createLogger({
    level,
    format: winston.format.combine(maskEverything(), winston.format.timestamp(), winston.format.json()),
    transports: [
      stream
        ? new winston.transports.Stream({ stream })
        : new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] }),
    ],
  });
}

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

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
