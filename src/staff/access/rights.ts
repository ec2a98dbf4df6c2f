/** Who may do what. The table for people is in docs/staff.md; a test holds the two together. */

export const rights = [
  'seeCalls',
  'readWords',
  'seeCallers',
  'exportCaller',
  'eraseCaller',
  'blockCaller',
  'manageOnCall',
  'manageStaff',
  'manageKeys',
  'verifyAudit',
  'seeReports',
  'review',
  'changeSettings',
  'runRetention',
  'manageJobs',
  'approveSummaries',
  'watch',
  'approveMessages',
  'manageServices',
  'manageAppointments',
] as const;

export type Right = (typeof rights)[number];

export const roles = ['reviewer', 'supervisor', 'clinician', 'dataOfficer', 'administrator'] as const;

export type Role = (typeof roles)[number];

/** As people read them. */
export const roleNames: Readonly<Record<Role, string>> = {
  reviewer: 'listener reviewer',
  supervisor: 'supervisor',
  clinician: 'clinician',
  dataOfficer: 'data officer',
  administrator: 'administrator',
};

/** What each right is for, as the answer to a missing one says it. */
export const rightMeanings: Readonly<Record<Right, string>> = {
  seeCalls: 'see calls, escalations and tasks, without words',
  readWords: "read a caller's words, with a reason",
  seeCallers: 'see callers',
  exportCaller: 'export what is kept of a caller',
  eraseCaller: 'erase a caller',
  blockCaller: 'block a caller',
  manageOnCall: 'change who is on call',
  manageStaff: 'add, change and remove staff',
  manageKeys: 'rotate keys',
  verifyAudit: 'read and verify the audit',
  seeReports: 'see reports',
  review: 'review calls and close tasks',
  changeSettings: 'change settings',
  runRetention: 'run retention',
  manageJobs: 'see, retry and discard jobs that failed',
  approveSummaries: 'correct and approve summaries of calls',
  watch: 'watch calls that are now on the line',
  approveMessages: 'see, write, approve and reject messages to callers',
  manageServices: 'change which other services callers are told of',
  manageAppointments: 'see and change appointments with counsellors',
};

/**
 * The least that each needs. Who runs the machines (administrator) reads no words and sees no callers; who answers callers about
 * their data (data officer) reads no words in calls either, only in an export that is audited as one.
 */
const rightsOfRoles: Readonly<Record<Role, readonly Right[]>> = {
  reviewer: ['seeCalls', 'readWords', 'review'],
  supervisor: [
    'seeCalls',
    'readWords',
    'seeCallers',
    'blockCaller',
    'manageOnCall',
    'seeReports',
    'review',
    'manageJobs',
    'watch',
    'approveMessages',
    'approveSummaries',
    'manageServices',
    'manageAppointments',
  ],
  clinician: [
    'seeCalls',
    'readWords',
    'seeCallers',
    'seeReports',
    'review',
    'watch',
    'approveMessages',
    'approveSummaries',
    'manageAppointments',
  ],
  dataOfficer: ['seeCalls', 'seeCallers', 'exportCaller', 'eraseCaller', 'verifyAudit', 'runRetention'],
  administrator: [
    'seeCalls',
    'manageOnCall',
    'manageStaff',
    'manageKeys',
    'verifyAudit',
    'seeReports',
    'changeSettings',
    'runRetention',
    'manageJobs',
    'watch',
    'manageServices',
  ],
};

export function hasRight(held: readonly Role[], right: Right): boolean {
  return held.some((role) => rightsOfRoles[role].includes(right));
}

export function rolesWith(right: Right): readonly Role[] {
  return roles.filter((role) => rightsOfRoles[role].includes(right));
}

/** Thrown by `demand`: the message says which roles have the right. */
export class MissingRight extends Error {
  readonly right: Right;
  constructor(right: Right, who: string) {
    const having = rolesWith(right).map((role) => roleNames[role]);
    super(
      `${who} may not ${rightMeanings[right]}. Roles that may: ${having.join(', ')}. Roles are given with: staff edit LOGIN --roles …`,
    );
    this.name = 'MissingRight';
    this.right = right;
  }
}
