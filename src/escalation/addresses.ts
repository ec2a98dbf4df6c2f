/** Where the carrier asks and reports. Made by the wiring from the paths of the carrier's documents; each is absolute. */
export interface EscalationAddresses {
  readonly whisper: (telephone: RungTelephone) => string;
  readonly status: (telephone: RungTelephone) => string;
  readonly machine: (telephone: RungTelephone) => string;
  readonly farewell: (why: 'taken' | 'callerGone') => string;
  /** Brings the caller back to Sanad. */
  readonly afterPerson: string;
  readonly callback: (callback: { readonly escalationId: string; readonly taskId: string }) => {
    readonly url: string;
    readonly statusCallback: string;
    readonly machineCallback: string;
  };
  /** Of the call to somebody who wrote of danger. */
  readonly writer: (escalationId: string) => {
    readonly url: string;
    readonly statusCallback: string;
    readonly machineCallback: string;
  };
}

export interface RungTelephone {
  readonly escalationId: string;
  readonly attemptId: string;
}
