import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { firstSentenceWatch, TookLog } from '../../src/sandbox/took.ts';

describe('how long the stand-ins took', () => {
  it('counts a first sentence as there when the token after its stop shows that it is whole', () => {
    const clock = useFakeTimers({ toFake: ['performance'] });
    try {
      const log = new TookLog();
      const watch = firstSentenceWatch(log);
      clock.tick(250);
      watch('أسمعك.');
      clock.tick(10);
      watch(' خذ');
      clock.tick(10);
      watch(' راحتك. وبعدها');
      expect(log.take()).to.deep.equal({ firstSentence: [260], firstAudio: [] });
    } finally {
      clock.restore();
    }
  });

  it('begins again from nothing when it was taken', () => {
    const log = new TookLog();
    log.note('firstAudio', 120.456);
    expect([log.take(), log.take()]).to.deep.equal([
      { firstSentence: [], firstAudio: [120.46] },
      { firstSentence: [], firstAudio: [] },
    ]);
  });
});
