/**
 * What the doctor found about one thing. `fault`: a call could not be served as Sanad must serve it. `warning`: it could, and
 * something should be mended all the same. Texts never hold a key, a number or anybody's words.
 */
export type Finding =
  | { readonly state: 'ok'; readonly detail: string }
  | { readonly state: 'warning' | 'fault'; readonly detail: string; readonly fix: string }
  | { readonly state: 'skipped'; readonly detail: string };

export type FindingState = Finding['state'];

export const ok = (detail: string): Finding => ({ state: 'ok', detail });
export const warning = (detail: string, fix: string): Finding => ({ state: 'warning', detail, fix });
export const fault = (detail: string, fix: string): Finding => ({ state: 'fault', detail, fix });
export const skipped = (detail: string): Finding => ({ state: 'skipped', detail });

/** The rows of the table, in its order, and what they are called there. */
export const rowTitles = {
  node: 'Node',
  memory: 'Memory',
  disk: 'Disk',
  speechSdk: 'Speech SDK',
  clock: 'Clock',
  dataKey: 'Data key',
  database: 'Database',
  migrations: 'Migrations',
  roles: 'Roles and row security',
  queue: 'Queue',
  recognition: 'Speech recognition',
  synthesis: 'Speech synthesis',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  twilioAccount: 'Twilio account',
  phoneNumber: 'Phone number',
  webhooks: 'Webhooks',
  publicUrl: 'Public address',
  readiness: 'Running server',
  streamSocket: 'Stream socket',
  rota: 'People on call',
  rotaHours: 'Hours on call',
  lastResort: 'Person of last resort',
  emergencyNumbers: 'Emergency numbers',
  services: 'Other services',
} as const;

export type RowId = keyof typeof rowTitles;

/** `id` and `what` stay the same from release to release, so that a monitor can rely on them. */
export type Row = Finding & {
  readonly id: string;
  readonly what: string;
  /** How long it took to know; 0 for what needs no asking. */
  readonly ms: number;
};
