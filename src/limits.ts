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
  /** Messages of history given to a model. */
  historyMessages: 60,
  historyCharacters: 24_000,
  /** Audio kept to be replayed to a new recogniser connection. */
  recogniserReplayMs: 15_000,
  /** Writes waiting for the database, over all calls; about 200 bytes each. Beyond it the oldest log entries go, with an alarm. */
  bufferedWrites: 100_000,
  /** REST calls to Twilio. */
  carrierRequestMs: 8_000,
} as const;
