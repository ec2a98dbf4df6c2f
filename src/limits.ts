/** Everything that could grow without end has its bound here. Units last in names. */
export const limits = {
  /** One inbound WebSocket message. Twilio's largest is `start` with its parameters, about 2 kB. */
  socketMessageBytes: 16_384,
  /** Request bodies of webhooks; Twilio sends about 2 kB. */
  webhookBodyBytes: 65_536,
  /** No `start` message within this time closes the socket. */
  streamStartMs: 5_000,
  /** No audio for this long means that the stream is dead, whatever the socket says (twilio.md §1.6). */
  mediaStallMs: 10_000,
  /** A ticket that no stream has used by then is void. */
  ticketMs: 60_000,
  /** Calls that one server takes at once; above it `ready` answers 503 and a new call goes to a person. */
  callsPerServer: 200,
  /** One reply. */
  replySentences: 8,
  replyTokens: 350,
  sentenceCharacters: 400,
  /** Events waiting in one call's queue; beyond it the call takes its fault path. */
  queuedEvents: 1_000,
  /** Times of one stage that are kept of one call. */
  stageTimes: 200,
  /** Spans of one trace, when an installation wants traces: about seven for a turn. Later ones are counted and left out. */
  spansPerCall: 5_000,
  /** How long a caller may wait for our first sound after the end of a turn before it counts as dead air. */
  deadAirMs: 2_000,
  /** Messages of history given to a model. */
  historyMessages: 60,
  historyCharacters: 24_000,
  /** Audio kept to be replayed to a new recogniser connection. */
  recogniserReplayMs: 15_000,
  /** Writes waiting for the database, over all calls; about 200 bytes each. Beyond it the oldest log entries go, with an alarm. */
  bufferedWrites: 100_000,
  /** REST calls to Twilio. */
  carrierRequestMs: 8_000,
  /** The same for bringing a person: an answer that takes longer is looked for in the carrier's list instead. */
  escalationRequestMs: 4_000,
  /** Upgraded sockets at once, whether they have started or not; a call has one, a reconnect briefly two. */
  openSockets: 500,
  /**
   * What refused messages may cost before a stream is ended: each adds 10, each good one takes 1 away. About a second of
   * pure garbage, while five unknown messages a second among audio are borne for ever (the carrier may invent a new event).
   */
  streamRefusalDebt: 500,
  /** Messages that arrive between `attach` and the first listener; more means that nobody will listen. */
  streamEventsWaiting: 100,
  /** Bytes waiting in a stream's socket: first a warning (about a minute of speech), then the socket is given up. */
  socketBufferedBytes: 1_048_576,
  socketBufferedMaxBytes: 8_388_608,
  /** A socket that we closed and that the other end does not close in turn. */
  socketCloseMs: 2_000,
  /** The call desk's answer to a webhook; beyond it the caller is sent to a person. */
  deskAnswerMs: 900,
  /** The fallback is offered this often to one call before it ends with honest words. */
  fallbackAttempts: 5,
  /** How long the fallback person's telephone rings: below the time at which voicemail usually takes over. */
  fallbackRingSeconds: 18,
  /** One check of readiness, and how long its answer is good for. */
  healthCheckMs: 1_000,
  healthCacheMs: 2_000,
  /** A client that sends its request slowly. */
  requestHeadersMs: 5_000,
  requestMs: 10_000,
  /** Giving a job to the queue: a queue that does not answer must not hold up whoever asks. */
  queueAddMs: 2_000,
  /** What staff ask of a queue, which may first have to be connected to. */
  jobDeskMs: 10_000,
  /** How often it is looked what waits in queues, outbox and escalations, for the metrics. */
  backlogEveryMs: 15_000,
  /** Outbox entries handed over in one transaction. */
  outboxBatch: 50,
  /** A call without a heartbeat for so long is closed as lost; heartbeats also wait while the database is away. */
  abandonedCallMs: 180_000,
  /** Tickets that expired, and outbox entries that were handed over, are kept this long for whoever looks for a fault. */
  sweptAfterMs: 86_400_000,
  /** A queue that was away at start is tried again after this. */
  queueRetryMs: 5_000,
} as const;
