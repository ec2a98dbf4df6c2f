import { expect } from 'chai';
import { createUnansweredSpeech, type UnansweredSpeech } from '../../../src/speech/azure/unanswered.ts';

/** 20 ms at one loudness. */
function frame(level: number): Int16Array {
  return Int16Array.from({ length: 160 }, (_, i) => (i % 2 === 0 ? level : -level));
}

/** Syllables: 160 ms loud, 60 ms nearly quiet. How often the limit was reached within so much sound. */
function speak(watch: UnansweredSpeech, loudMs: number): number {
  let alarms = 0;
  for (let ms = 0; ms < loudMs; ms += 160) {
    for (let i = 0; i < 8; i++) alarms += watch.heard(frame(4_000)) ? 1 : 0;
    for (let i = 0; i < 3; i++) alarms += watch.heard(frame(30)) ? 1 : 0;
  }
  return alarms;
}

describe('speech that nobody answers', () => {
  it('is noticed once when the limit of clear speech is reached', () => {
    const watch = createUnansweredSpeech(4_000);
    expect([speak(watch, 3_840), speak(watch, 320)]).to.deep.equal([0, 1]);
  });

  it('is not noticed while the provider answers', () => {
    const watch = createUnansweredSpeech(4_000);
    let alarms = 0;
    for (let i = 0; i < 10; i++) {
      alarms += speak(watch, 3_200);
      watch.answered();
    }
    expect(alarms).to.equal(0);
  });

  it('is not made of silence or of the noise of the line', () => {
    const watch = createUnansweredSpeech(4_000);
    let alarms = 0;
    for (let i = 0; i < 3_000; i++) alarms += watch.heard(frame(i % 2 === 0 ? 0 : 200)) ? 1 : 0;
    expect(alarms).to.equal(0);
  });

  it('is not made of a steady hum, however loud', () => {
    const watch = createUnansweredSpeech(4_000);
    let alarms = 0;
    for (let i = 0; i < 3_000; i++) alarms += watch.heard(frame(3_000)) ? 1 : 0;
    expect(alarms).to.equal(0);
  });

  it('takes twice as much each time when a new connection hears nothing in it either, up to eight times', () => {
    const watch = createUnansweredSpeech(1_000);
    const needed: number[] = [];
    for (let alarm = 0; alarm < 5; alarm++) {
      let ms = 0;
      for (;;) {
        ms += 160;
        if (speak(watch, 160) > 0) break;
      }
      needed.push(ms);
      watch.restart();
    }
    expect(needed).to.deep.equal([1_120, 2_080, 4_000, 8_000, 8_000]);
  });

  it('has its first patience back after an answer', () => {
    const watch = createUnansweredSpeech(1_000);
    speak(watch, 1_120);
    watch.answered();
    expect(speak(watch, 1_120)).to.equal(1);
  });
});
