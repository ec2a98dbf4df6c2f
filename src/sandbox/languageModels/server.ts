import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answer, serveControl } from '../control.ts';
import { firstSentenceWatch } from '../took.ts';
import {
  createModelFaults,
  modelFaultPlan,
  takeModelFault,
  type ModelFaultKind,
  type ModelFaults,
  type ModelScope,
  type Vendor,
} from './faults.ts';
import { languageOf, listen, type HeardMessage, type ListenerLanguage } from './listener.ts';
import { streamReply, tokensOf, type ModelTiming, type WireFormat } from './stream.ts';
import { brokenJson, objectFor, offSchema, piecesOf } from './structured.ts';
import { errorBody, modelsBody, readBody, wholeReply, wireFormat } from './wire.ts';

export interface LanguageModelsOptions {
  /** A request with another key gets the vendor's 401. Any key goes when left out. */
  readonly openaiKey?: string;
  readonly anthropicKey?: string;
  readonly timing?: Partial<ModelTiming>;
  readonly reply?: (messages: readonly HeardMessage[], language: ListenerLanguage) => string;
  readonly port?: number;
}

export interface VendorStats {
  readonly requests: number;
  readonly completed: number;
  /** The client closed before the end: a hedge that was lost, a caller who went on. */
  readonly aborted: number;
  readonly faulted: number;
  readonly refusedKeys: number;
}

export interface LanguageModels {
  readonly port: number;
  readonly openaiBaseUrl: string;
  readonly anthropicBaseUrl: string;
  /** What to print when it starts: that this is no model. */
  readonly startLine: string;
  readonly faults: ModelFaults;
  /** By kind of request: for words to be spoken under the vendor's name, for objects under `…Structured`. */
  readonly stats: () => Readonly<Record<ModelScope, VendorStats>>;
  readonly close: () => Promise<void>;
}

/** Requests are the system prompt and at most 60 messages; 24,000 characters of Arabic are about 50 kB. */
const bodyBytes = 1_000_000;

const defaultTiming: ModelTiming = { firstTokenMs: 250, tokenEveryMs: 15 };

/**
 * One server that speaks OpenAI's chat completions (`/v1/chat/completions`) and Anthropic's messages (`/v1/messages`), so that
 * both real SDKs run against it unchanged. Listens on 127.0.0.1 only. It answers by simple reflective rules, and where a request asks for
 * an object of a schema, with a simulated classification: a stand-in.
 */
export async function startLanguageModels(options: LanguageModelsOptions = {}): Promise<LanguageModels> {
  const standIn = new StandIn(options);
  const server = createServer((request, response) => standIn.serve(request, response));
  const port = await listenOn(server, options.port ?? 0);
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    openaiBaseUrl: `${origin}/v1`,
    anthropicBaseUrl: origin,
    startLine: `language models: a stand-in on ${origin} that answers by simple reflective rules and simulates classifications by a few words; it is not a model`,
    faults: standIn.faults,
    stats: () => standIn.stats(),
    close: () => closeServer(server),
  };
}

type Outcome = 'completed' | 'aborted' | 'faulted' | 'refusedKeys';

class StandIn {
  readonly faults: ModelFaults = createModelFaults();
  readonly #options: LanguageModelsOptions;
  readonly #timing: ModelTiming;
  readonly #counts = {
    openai: noStats(),
    anthropic: noStats(),
    openaiStructured: noStats(),
    anthropicStructured: noStats(),
  };

  constructor(options: LanguageModelsOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  stats(): Readonly<Record<ModelScope, VendorStats>> {
    const { openai, anthropic, openaiStructured, anthropicStructured } = this.#counts;
    return {
      openai: { ...openai },
      anthropic: { ...anthropic },
      openaiStructured: { ...openaiStructured },
      anthropicStructured: { ...anthropicStructured },
    };
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (serveControl(request, response, path, this.#control())) return;
    const route = `${request.method ?? ''} ${path}`;
    if (route === 'POST /v1/chat/completions') this.#answer('openai', request, response);
    else if (route === 'POST /v1/messages') this.#answer('anthropic', request, response);
    else if (request.method === 'GET' && /^\/v1\/models(?:\/|$)/.test(path)) this.#models(request, response, path);
    else answer(response, 404, errorBody('openai', 404, `Unknown route ${route}`));
  }

  #control() {
    return {
      plan: modelFaultPlan,
      set: (plans: Parameters<ModelFaults['set']>[0]) => this.faults.set(plans),
      clear: () => this.faults.clear(),
      remaining: () => this.faults.remaining(),
      stats: () => this.stats(),
    };
  }

  #models(request: IncomingMessage, response: ServerResponse, path: string): void {
    const vendor: Vendor = request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
    if (!this.#hasKey(vendor, request)) {
      answer(response, 401, errorBody(vendor, 401, keyRefused[vendor]));
      return;
    }
    const id = path.split('/')[3];
    answer(response, 200, modelsBody(vendor, id === undefined ? null : decodeURIComponent(id)));
  }

  #hasKey(vendor: Vendor, request: IncomingMessage): boolean {
    const wanted = vendor === 'openai' ? this.#options.openaiKey : this.#options.anthropicKey;
    // Anthropic takes its key in either header; its SDK 1.11 sends the second.
    const given = vendor === 'openai' ? undefined : request.headers['x-api-key'];
    const key = typeof given === 'string' ? given : request.headers.authorization?.replace(/^Bearer /, '');
    return key !== undefined && (wanted === undefined || key === wanted);
  }

  #answer(vendor: Vendor, request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyBytes) chunks.push(chunk);
    });
    request.on('end', () => {
      const body = bytes <= bodyBytes ? parseJson(Buffer.concat(chunks).toString('utf8')) : undefined;
      void this.#count(vendor, readBody(vendor, body), request, response);
    });
  }

  async #count(
    vendor: Vendor,
    asked: ReturnType<typeof readBody>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const scope: ModelScope = !('refused' in asked) && asked.object !== null ? `${vendor}Structured` : vendor;
    this.#counts[scope].requests += 1;
    this.#counts[scope][await this.#reply({ vendor, scope }, request, response, asked)] += 1;
  }

  async #reply(
    { vendor, scope }: { readonly vendor: Vendor; readonly scope: ModelScope },
    request: IncomingMessage,
    response: ServerResponse,
    asked: ReturnType<typeof readBody>,
  ): Promise<Outcome> {
    const count = this.#counts[scope].requests;
    const watch = firstSentenceWatch();
    if (!this.#hasKey(vendor, request)) {
      answer(response, 401, errorBody(vendor, 401, keyRefused[vendor]));
      return 'refusedKeys';
    }
    if ('refused' in asked) {
      answer(response, 400, errorBody(vendor, 400, asked.refused));
      return 'faulted';
    }
    const fault = takeModelFault(this.faults, scope);
    if (fault?.kind === 'status') return refuse(vendor, response, fault);
    const { object } = asked;
    const text = object === null ? this.#words(asked.messages) : spoilt(objectFor(object, asked.messages), fault);
    const tokens = object === null ? tokensOf(text) : piecesOf(text);
    if (asked.isStream) {
      const format = wireFormat(vendor, asked, count);
      return streamReply(response, object === null ? watched(format, watch) : format, tokens, this.#timing, fault);
    }
    answer(response, 200, wholeReply(vendor, asked, count, text, tokens.length));
    return 'completed';
  }

  #words(messages: readonly HeardMessage[]): string {
    return (this.#options.reply ?? listen)(messages, languageOf(messages));
  }
}

function spoilt(object: string, fault: ModelFaultKind | null): string {
  if (fault?.kind === 'offSchema') return offSchema(object);
  return fault?.kind === 'brokenJson' ? brokenJson(object) : object;
}

function watched(format: WireFormat, watch: (token: string) => void): WireFormat {
  return {
    ...format,
    token: (text) => {
      watch(text);
      return format.token(text);
    },
  };
}

const keyRefused: Readonly<Record<Vendor, string>> = {
  openai: 'Incorrect API key provided.',
  anthropic: 'invalid x-api-key',
};

function refuse(vendor: Vendor, response: ServerResponse, fault: ModelFaultKind & { kind: 'status' }): 'faulted' {
  answer(response, fault.status, errorBody(vendor, fault.status, 'a fault planned in the sandbox'));
  return 'faulted';
}

function noStats() {
  return { requests: 0, completed: 0, aborted: 0, faulted: 0, refusedKeys: 0 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the stand-in has no port'));
      else resolve(address.port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
