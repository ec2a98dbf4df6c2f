import { z } from 'zod';

/**
 * What may travel in a queue: ids, ours (UUID) or Twilio's (two letters and 32 hex digits). No word and no telephone
 * number fits, so none can be put there by mistake; what an id stands for is read where it is sealed.
 */
export const idsOnly = z.record(
  z.string().regex(/^[a-zA-Z]{1,40}$/),
  z.string().regex(/^([0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|[A-Z]{2}[0-9a-f]{32})$/, {
    error: 'must be an id: what it stands for belongs into the database, not into a queue',
  }),
);

export type IdsOnly = z.infer<typeof idsOnly>;
