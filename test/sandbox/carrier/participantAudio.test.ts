import { mulaw as oracle } from 'alawmulaw';
import { expect } from 'chai';
import { silentFrame, tone } from '../../../src/sandbox/carrier/levels.ts';
import { ParticipantAudio } from '../../../src/sandbox/carrier/participantAudio.ts';

const voice = (sample: number): Uint8Array => new Uint8Array(160).fill(oracle.encodeSample(sample));
const sampleOf = (frame: Uint8Array | null): number => oracle.decodeSample(frame?.[0] ?? 0xff);

describe('the audio of a conference', () => {
  it('gives each party the sum of the others, and one voice alone bit by bit', () => {
    const [one, two, three] = [1, 2, 3].map(() => new ParticipantAudio('off')) as [
      ParticipantAudio,
      ParticipantAudio,
      ParticipantAudio,
    ];
    one.speakTo([two, three]);
    two.speakTo([one, three]);
    const low = voice(1_000);
    one.frame(low, false);
    two.frame(voice(4_000), false);
    expect(one.next()?.[0]).to.equal(voice(4_000)[0]);
    expect(two.next()).to.deep.equal(low);
    expect(sampleOf(three.next())).to.be.closeTo(5_000, 130);
    expect(three.next()).to.equal(null);
  });

  it('clips two loud voices instead of turning them over', () => {
    const [one, two, three] = [1, 2, 3].map(() => new ParticipantAudio('off')) as [
      ParticipantAudio,
      ParticipantAudio,
      ParticipantAudio,
    ];
    for (const speaker of [one, two]) {
      speaker.speakTo([three]);
      speaker.frame(voice(30_000), false);
    }
    expect(sampleOf(three.next())).to.be.above(31_000);
  });

  for (const [size, least, most] of [
    ['off', 0, 0],
    ['small', 20, 200],
    ['medium', 200, 360],
    ['large', 300, 1_000],
  ] as const) {
    it(`holds a voice back for ${least} to ${most} ms in a jitter buffer that is ${size}`, () => {
      const [speaker, listener] = [new ParticipantAudio(size), new ParticipantAudio('off')];
      speaker.speakTo([listener]);
      let heldMs = 0;
      for (;;) {
        speaker.frame(voice(9_000), false);
        if (listener.next() !== null) break;
        heldMs += 20;
      }
      expect(heldMs).to.be.within(least, most);
    });
  }

  it('does not fall behind: what waits too long is thrown away', () => {
    const [speaker, listener] = [new ParticipantAudio('off'), new ParticipantAudio('off')];
    speaker.speakTo([listener]);
    for (let frames = 0; frames < 500; frames += 1) {
      speaker.frame(voice(9_000), false);
    }
    let waiting = 0;
    while (listener.next() !== null) waiting += 1;
    expect(waiting).to.be.at.most(10);
  });

  it('lets one party hear nothing of another who no longer speaks to it, nor frames the network lost', () => {
    const [speaker, listener] = [new ParticipantAudio('off'), new ParticipantAudio('off')];
    speaker.speakTo([listener]);
    speaker.frame(voice(9_000), true);
    expect(listener.next()).to.equal(null);
    speaker.frame(voice(9_000), false);
    speaker.speakTo([]);
    expect(listener.next()).to.equal(null);
  });

  it('plays an announcement over what is heard, and says when it is over', async () => {
    const listener = new ParticipantAudio('off');
    let over = false;
    void listener.playOver(tone(40, 500, -20)).then(() => (over = true));
    expect(listener.next()).not.to.equal(null);
    await Promise.resolve();
    expect(over).to.equal(false);
    expect(listener.next()).not.to.deep.equal(silentFrame);
    await Promise.resolve();
    expect([over, listener.next()]).to.deep.equal([true, null]);
  });

  it('ends what is announced when the party leaves', async () => {
    const listener = new ParticipantAudio('off');
    const announced = listener.playOver(tone(4_000, 500, -20));
    listener.leave();
    await announced;
    expect(listener.next()).to.equal(null);
  });
});
