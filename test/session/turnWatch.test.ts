import { expect } from 'chai';
import type { CallEffect } from '../../src/call/effect.ts';
import type { CallEvent } from '../../src/call/event.ts';
import { initialState, nothingHeard, type CallState, type Floor } from '../../src/call/state.ts';
import { createMetrics } from '../../src/metrics.ts';
import { languagePacks } from '../../src/therapist/packs.ts';
import { watchingTurns } from '../../src/session/turnWatch.ts';
import { Surroundings } from '../support/heldCall.ts';

const listening: Floor = { kind: 'listening', prompts: 0, closing: null };
const pausing = (sinceMs: number): Floor => ({
  kind: 'pausing',
  heard: nothingHeard,
  sinceMs,
  voicedForMs: 500,
  speculation: null,
});
const thinking: Floor = { kind: 'thinking', turn: 1, heard: nothingHeard, overVoiceSinceMs: null };
const replying = (overVoiceSinceMs: number | null): Floor => ({
  kind: 'replying',
  turn: 1,
  heard: nothingHeard,
  overVoiceSinceMs,
});
const interrupted: Floor = { kind: 'interrupted', turn: 1, heard: nothingHeard, voice: true, backchannel: false };
const start: CallEffect = {
  type: 'startReply',
  turn: 1,
  source: { kind: 'model' },
  hold: false,
  preface: null,
  followedBy: null,
};
const endOfTurn: CallEvent = { type: 'deadlineReached', name: 'endOfTurn' };
const paused = (sinceMs: number): CallEvent => ({ type: 'speechPaused', sinceMs });

describe('the stages of a turn', () => {
  const surroundings = new Surroundings();
  after(() => surroundings.time.restore());

  function watched() {
    const metrics = createMetrics('calls');
    const ports = watchingTurns({ ...surroundings.ports, metrics });
    const step = (at: number, event: CallEvent, floor: Floor, ...rest: readonly CallEffect[]): void =>
      stepWith(at, event, { ...initialState, line: { kind: 'up' }, floor }, rest);
    const stepWith = (at: number, event: CallEvent, state: CallState, effects: readonly CallEffect[]): void =>
      ports.observe?.('call', { callSid: 'CA1', at, event, effects, state, saying: null });
    const value = async (name: string): Promise<number | null> => {
      const line = (await metrics.exposition()).text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? null : Number(line.slice(name.length));
    };
    const tookMs = async (stage: string): Promise<number | null> => {
      const sum = await value(`sanad_stage_seconds_sum{stage="${stage}"}`);
      return sum === null ? null : Math.round(sum * 1_000);
    };
    return { ports, step, stepWith, value, tookMs };
  }

  it('are measured from the last voiced frame to our part of the wait', async () => {
    const { ports, step, tookMs } = watched();
    step(1_000, paused(940), pausing(940));
    step(1_640, endOfTurn, pausing(940));
    step(1_700, { type: 'deadlineReached', name: 'awaitFinal' }, thinking, start);
    ports.metrics.stageTook('firstSentence', 300);
    ports.metrics.stageTook('firstAudio', 120);
    ports.metrics.stageTook('firstReplyFrame', 1_190);
    step(2_130, { type: 'replySounded', turn: 1 }, replying(null));
    const stages = ['endOfTurn', 'words', 'addedByUs', 'bargeIn'];
    expect(await Promise.all(stages.map(tookMs))).to.deep.equal([700, 60, 10, null]);
  });

  it('leave our own part out when a fixed line sounds, which waits for no provider', async () => {
    const { ports, step, tookMs } = watched();
    step(1_640, paused(940), pausing(940));
    step(1_700, endOfTurn, thinking, start);
    ports.metrics.stageTook('firstReplyFrame', 800);
    expect(await tookMs('addedByUs')).to.equal(null);
  });

  it('hold the time to an interruption, and tell false alarms from interruptions', async () => {
    const { step, value, tookMs } = watched();
    step(5_000, { type: 'speechStarted', sinceMs: 4_940 }, replying(4_940));
    step(5_190, { type: 'deadlineReached', name: 'bargeIn' }, interrupted, { type: 'clearPlayout', generation: 1 });
    step(5_900, { type: 'deadlineReached', name: 'confirmWords' }, replying(null));
    expect(await tookMs('bargeIn')).to.equal(250);
    expect(await value('sanad_barge_ins_total{what="interruption"}')).to.equal(1);
    expect(await value('sanad_barge_ins_total{what="falseAlarm"}')).to.equal(1);
  });

  it('count as dead air only what a caller waits beyond the limit', async () => {
    const { step, value } = watched();
    step(1_000, endOfTurn, thinking, start);
    step(2_500, { type: 'replySounded', turn: 1 }, replying(null));
    expect(await value('sanad_dead_air_seconds_total')).to.equal(0);
    step(8_000, endOfTurn, thinking, start);
    step(13_500, { type: 'replySounded', turn: 1 }, replying(null));
    expect(await value('sanad_dead_air_seconds_total')).to.equal(3.5);
  });

  it('tell a turn that nobody answered any more from one that the caller went on with', async () => {
    const { step, stepWith, value } = watched();
    step(1_000, endOfTurn, thinking, start);
    step(1_200, { type: 'speechStarted', sinceMs: 1_200 }, listening);
    expect(await value('sanad_turns_total{outcome="unanswered"}')).to.equal(null);
    step(3_000, endOfTurn, thinking, start);
    stepWith(
      4_000,
      { type: 'hungUp' },
      { ...initialState, line: { kind: 'over', outcome: 'hungUp' }, floor: { kind: 'closed' } },
      [],
    );
    expect(await value('sanad_turns_total{outcome="unanswered"}')).to.equal(1);
  });

  it('hold the wait for final words that come in the pause, and none for words within speech', async () => {
    const { step, tookMs } = watched();
    const words = (utterance: number): CallEvent => ({
      type: 'wordsRecognised',
      utterance,
      text: 'x',
      meaning: surroundings.ports.understand('x', languagePacks.en, { risk: 'none', situation: null }),
      differs: false,
    });
    step(900, { type: 'speechStarted', sinceMs: 900 }, listening);
    step(950, words(1), listening);
    expect(await tookMs('finalWords')).to.equal(null);
    step(1_000, paused(940), pausing(940));
    step(1_340, words(2), pausing(940));
    expect(await tookMs('finalWords')).to.equal(400);
  });
});
