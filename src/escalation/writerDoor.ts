/** What the carrier asks and reports of our call to somebody who wrote of danger. */
import { spokenLanguage, type BriefingLanguage } from './briefing.ts';
import { driveOrLog, type Drive } from './drive.ts';
import { roomOf } from './ids.ts';
import { faultOf, type Log } from '../log.ts';
import type { WriterStore } from './writers.ts';

export interface WriterDoorOptions {
  readonly drive: Drive;
  readonly writers: Pick<WriterStore, 'language' | 'placed'>;
  readonly log: Log;
}

/** No method rejects: somebody is on the line. */
export class WriterDoor {
  readonly #options: WriterDoorOptions;

  constructor(options: WriterDoorOptions) {
    this.#options = options;
  }

  /** Somebody has picked up, or is asked again: the person in the room waits on. Null: in both languages. */
  async asked(escalationId: string): Promise<BriefingLanguage | null> {
    void this.#stillComing(escalationId);
    return this.#language(escalationId);
  }

  async accepted(escalationId: string): Promise<{ readonly room: string; readonly language: BriefingLanguage }> {
    await this.#stillComing(escalationId);
    return { room: roomOf(escalationId), language: (await this.#language(escalationId)) ?? 'ar' };
  }

  /** The call rings or was answered; the carrier's name of it may be new to us. */
  async progressed(escalationId: string, callSid: string): Promise<void> {
    const { writers, log } = this.#options;
    try {
      await writers.placed(escalationId, callSid);
    } catch (error) {
      log.warn('a call to somebody who wrote could not be noted', { escalationId, ...faultOf(error) });
    }
    await this.#stillComing(escalationId);
  }

  async over(escalationId: string): Promise<void> {
    const { drive, log } = this.#options;
    await driveOrLog(drive, log, escalationId, { type: 'callerGone' });
  }

  async #stillComing(escalationId: string): Promise<void> {
    const { drive, log } = this.#options;
    await driveOrLog(drive, log, escalationId, { type: 'callerJoining' });
  }

  async #language(escalationId: string): Promise<BriefingLanguage | null> {
    const { writers, log } = this.#options;
    try {
      const language = await writers.language(escalationId);
      return language === null ? null : spokenLanguage(language);
    } catch (error) {
      log.warn('the language of a writer is not known', { escalationId, ...faultOf(error) });
      return null;
    }
  }
}
