import { expect } from 'chai';
import fc from 'fast-check';
import { MediaTime } from '../../src/session/mediaTime.ts';

const frameMs = 20;

describe('media time', () => {
  it('places a frame at the moment it was spoken, which is its length before it came', () => {
    expect(new MediaTime().startOf(0, frameMs, 1_000)).to.equal(980);
  });

  it('does not take a hold-up of the network for a pause of the caller', () => {
    const time = new MediaTime();
    const arrivals = [1_020, 1_040, 1_190, 1_190, 1_190, 1_191, 1_192, 1_193, 1_194, 1_200];
    const starts = arrivals.map((atMs, frame) => Math.round(time.startOf(frame * frameMs, frameMs, atMs)));
    expect(starts).to.deep.equal([1_000, 1_020, 1_040, 1_060, 1_080, 1_100, 1_120, 1_140, 1_160, 1_180]);
  });

  it('learns from the first frame that is on time when the first ones were late', () => {
    const time = new MediaTime();
    time.startOf(0, frameMs, 1_500);
    expect([time.startOf(20, frameMs, 1_060), time.startOf(40, frameMs, 1_090)].map(Math.round)).to.deep.equal([
      1_040, 1_060,
    ]);
  });

  it('follows a clock of the carrier that is a little slow', () => {
    const time = new MediaTime();
    const last = 10 * 60 * 50;
    let start = 0;
    for (let frame = 0; frame <= last; frame += 1)
      start = time.startOf(frame * frameMs, frameMs, 1_020 + frame * 20.004);
    expect(start).to.be.closeTo(1_000 + last * 20.004, 0.01);
  });

  it('begins anew when the carrier counts anew', () => {
    const time = new MediaTime();
    time.startOf(60_000, frameMs, 61_020);
    expect([time.startOf(0, frameMs, 62_020), time.startOf(20, frameMs, 62_040)]).to.deep.equal([62_000, 62_020]);
  });

  it('never places a frame after its arrival', () => {
    const late = fc.array(fc.nat(500), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(late, (lateness) => {
        const time = new MediaTime();
        let arrived = 0;
        lateness.forEach((lateMs, frame) => {
          arrived = Math.max(arrived, 1_020 + frame * frameMs + lateMs);
          expect(time.startOf(frame * frameMs, frameMs, arrived)).to.be.at.most(arrived - frameMs);
        });
      }),
    );
  });
});
