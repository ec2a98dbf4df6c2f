import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { answer, serveControl } from '../control.ts';
import { azureSpeechFaultPlan, createAzureSpeechFaults } from './faults.ts';
import type { AzureSpeechFaults, Scope } from './faults.ts';
import { closeCodeOf, parseBinaryFrame, parseTextFrame } from './frames.ts';
import type { PhraseMatcher } from './phraseMatcher.ts';
import { converseRecognition } from './recognition.ts';
import type { Conversation } from './recognition.ts';
import { SpeechSocket } from './speechSocket.ts';
import { count, createStats, keep } from './stats.ts';
import type { AzureSpeechStats, ConnectionStats, UpgradeStats } from './stats.ts';
import { converseSynthesis } from './synthesis.ts';
import { defaultTiming } from './timing.ts';
import type { Timing } from './timing.ts';
import { checkKey, refuseUpgrade, scopeOfPath, withoutSecrets } from './upgrade.ts';
import { voicesOfService } from './voice.ts';
import type { SandboxVoice } from './voice.ts';

export interface AzureSpeechOptions {
  /** The only key taken, as subscription key or bearer token; without it every key is. */
  readonly key?: string;
  /** 0 or none: any free port. */
  readonly port?: number;
  readonly matcher: PhraseMatcher;
  readonly voice: SandboxVoice;
  readonly timing?: Partial<Timing>;
  /** What `synthesis.control` does; `ignored` when not given, the harder case for a client. */
  readonly stopControl?: 'honoured' | 'ignored';
  /** Told of what goes wrong inside the sandbox itself. */
  readonly report?: (message: string) => void;
}

export interface AzureSpeechSandbox {
  readonly port: number;
  /** For `SpeechConfig.fromHost`: `ws://127.0.0.1:<port>`. */
  readonly host: string;
  readonly faults: AzureSpeechFaults;
  readonly stats: AzureSpeechStats;
  /** May be changed while running; a turn that has begun may keep what it had. */
  readonly timing: Timing;
  /** Cuts every connection. */
  readonly close: () => Promise<void>;
}

/** One message; SSML may be 64 KB and more in UTF-8 with headers. */
const messageBytes = 131_072;

/** Listens on 127.0.0.1 only. Speaks Azure's own protocol for recognition and synthesis, from real audio, without Azure. */
export async function startAzureSpeech(options: AzureSpeechOptions): Promise<AzureSpeechSandbox> {
  const service = new Service(options);
  const port = await service.listen(options.port ?? 0);
  return {
    port,
    host: `ws://127.0.0.1:${port}`,
    faults: service.faults,
    stats: service.stats,
    timing: service.timing,
    close: () => service.close(),
  };
}

class Service {
  readonly faults = createAzureSpeechFaults();
  readonly stats = createStats();
  readonly timing: Timing;
  readonly #options: AzureSpeechOptions;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: messageBytes });
  readonly #tcp = new Set<Duplex>();

  constructor(options: AzureSpeechOptions) {
    this.#options = options;
    this.timing = { ...defaultTiming, ...options.timing };
    this.#http = createServer((request, response) => this.#request(request, response));
    this.#http.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => this.#upgrade(request, socket, head));
    this.#http.on('connection', (socket) => {
      this.#tcp.add(socket);
      socket.on('close', () => this.#tcp.delete(socket));
    });
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, '127.0.0.1', () => {
        const address = this.#http.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.#tcp) socket.destroy();
    return new Promise((resolve) => this.#http.close(() => resolve()));
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const control = {
      plan: azureSpeechFaultPlan,
      set: this.faults.set.bind(this.faults),
      clear: () => this.faults.clear(),
      remaining: () => this.faults.remaining(),
      stats: () => this.stats,
    };
    if (serveControl(request, response, url.pathname, control)) return;
    if (request.method !== 'GET' || url.pathname !== '/cognitiveservices/voices/list') {
      answer(response, scopeOfPath(url.pathname) === undefined ? 404 : 426, {});
    } else if (!checkKey(request, url.searchParams, this.#options.key).accepted) answer(response, 401, {});
    else answer(response, 200, voicesOfService);
  }

  #upgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    tcp.on('error', () => {});
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const scope = scopeOfPath(url.pathname);
    const key = checkKey(request, url.searchParams, this.#options.key);
    const note = (answered: UpgradeStats['answer']): void => {
      const query = withoutSecrets(url.searchParams);
      keep(this.stats.upgrades, { path: url.pathname, query, answer: answered, keyIn: key.places });
    };
    if (!(tcp instanceof Socket)) throw new TypeError('an upgrade came without a TCP socket');
    if (scope !== undefined && this.#failUpgrade(scope, tcp, note)) return;
    if (scope === undefined || !key.accepted) {
      const status = scope === undefined ? 404 : 401;
      note(status);
      refuseUpgrade(tcp, status);
      return;
    }
    note(101);
    this.#sockets.handleUpgrade(request, tcp, head, (socket) => this.#accept(socket, tcp, scope, url));
  }

  /** True when a planned fault has taken the upgrade. */
  #failUpgrade(scope: Scope, tcp: Socket, note: (answered: UpgradeStats['answer']) => void): boolean {
    const http = this.faults.take(scope, 'http');
    if (http) {
      note(http.fault.status);
      setTimeout(() => refuseUpgrade(tcp, http.fault.status, http.fault.retryAfterSeconds), http.afterMs);
      return true;
    }
    const reset = this.faults.take(scope, 'reset', ({ at }) => at === 'upgrade');
    if (reset) {
      note('reset');
      setTimeout(() => tcp.resetAndDestroy(), reset.afterMs);
      return true;
    }
    if (this.faults.take(scope, 'hangUpgrade') === undefined) return false;
    note('hung');
    return true;
  }

  #accept(socket: WebSocket, tcp: Socket, scope: Scope, url: URL): void {
    const stats: ConnectionStats = {
      id: this.stats.connections.opened + 1,
      scope,
      path: url.pathname,
      audioBytes: 0,
      turns: 0,
      received: {},
      sent: {},
      open: true,
      refusal: null,
    };
    keep(this.stats.perConnection, stats);
    this.stats.connections.opened += 1;
    this.stats.connections.now += 1;
    const speech = new SpeechSocket(socket, tcp, this.faults, this.timing, stats);
    const conversation = this.#converse(speech, url);
    socket.on('message', (data, isBinary) => receive(speech, conversation, data, isBinary));
    // ws refuses what is no WebSocket (or is too long) by itself and closes; there is nothing to add here.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.stats.connections.now -= 1;
      conversation.closed();
    });
    speech.reach('open');
  }

  #converse(socket: SpeechSocket, url: URL): Conversation {
    const { faults, timing, stats } = this;
    const { matcher, voice, stopControl = 'ignored', report = () => {} } = this.#options;
    return socket.scope === 'recognition'
      ? converseRecognition(socket, url.searchParams, { matcher, faults, timing })
      : converseSynthesis(socket, { voice, faults, timing, stats, stopControl: () => stopControl, report });
  }
}

/** Paths a client may send; others are counted together, so that nobody can grow the table. */
const clientPaths = new Set([
  'speech.config',
  'speech.context',
  'audio',
  'telemetry',
  'synthesis.context',
  'synthesis.control',
  'ssml',
  'text.piece',
  'text.end',
]);

function receive(socket: SpeechSocket, conversation: Conversation, data: RawData, isBinary: boolean): void {
  if (!socket.stats.open) return;
  socket.touch();
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
  if (isBinary) {
    const parsed = parseBinaryFrame(bytes);
    if (!parsed.ok) return socket.refuse(closeCodeOf(parsed.fault), parsed.fault);
    count(socket.stats.received, clientPaths.has(parsed.frame.path) ? parsed.frame.path : 'other');
    return conversation.binary(parsed.frame);
  }
  const parsed = parseTextFrame(bytes.toString('utf8'));
  if (!parsed.ok) return socket.refuse(closeCodeOf(parsed.fault), parsed.fault);
  count(socket.stats.received, clientPaths.has(parsed.frame.path) ? parsed.frame.path : 'other');
  return conversation.text(parsed.frame);
}
