/** Integer milliseconds since the call was answered, on the server's monotonic clock: the only time the core knows. */
export type CallMs = number;

/** Milliseconds on Twilio's media clock (`media.timestamp`): for offsets into audio only. */
export type MediaMs = number;
