import { expect } from 'chai';
import { isCounsellor, reminderAt, slotsWithin, writtenTime } from '../../src/appointments/slots.ts';
import { segmentsOf } from '../../src/followUp/segments.ts';
import { messageLanguages, wordsOf } from '../../src/followUp/templates.ts';
import { checkWording } from '../../src/followUp/wording.ts';

const now = new Date('2026-11-26T08:00:00Z');
const hours = { day: '2026-11-29', from: '10:00', to: '13:00', minutes: 50 };

describe('the hours of a counsellor', () => {
  it('are as many as fit, in the time of Muscat', () => {
    const read = slotsWithin(hours, now);
    expect(read.ok ? read.slots.map(({ startsAt }) => startsAt.toISOString()) : read.fault).to.deep.equal([
      '2026-11-29T06:00:00.000Z',
      '2026-11-29T06:50:00.000Z',
      '2026-11-29T07:40:00.000Z',
    ]);
  });

  it('are refused when they are none, are over, or make no sense', () => {
    for (const [change, fault] of [
      [{ day: '2026-02-31' }, 'day'],
      [{ day: 'sunday' }, 'day'],
      [{ from: '14:00' }, 'hours'],
      [{ to: '25:00' }, 'hours'],
      [{ minutes: 5 }, 'length'],
      [{ minutes: Number.NaN }, 'length'],
      [{ minutes: 181 }, 'none'],
      [{ day: '2026-11-25' }, 'past'],
    ] as const)
      expect(slotsWithin({ ...hours, ...change }, now), JSON.stringify(change)).to.deep.equal({ ok: false, fault });
    expect(['maryam', 'Maryam Al', 'm'].map(isCounsellor)).to.deep.equal([true, false, false]);
  });
});

describe('a reminder', () => {
  const start = new Date('2026-11-29T06:00:00Z');

  it('is due a day before; at once when that is near; and is none when it would come too late', () => {
    expect(reminderAt(start, now)?.toISOString()).to.equal('2026-11-28T06:00:00.000Z');
    const near = new Date('2026-11-28T20:00:00Z');
    expect(reminderAt(start, near)).to.equal(near);
    expect(reminderAt(start, new Date('2026-11-29T04:00:00Z'))).to.equal(null);
  });

  it('says day and time and nothing else, in one message that a relative may read', () => {
    expect(writtenTime(start, 'ar-OM')).to.equal('الأحد 29/11 الساعة 10:00');
    expect(writtenTime(start, 'en')).to.equal('on Sunday 29/11 at 10:00');
    for (const language of messageLanguages) {
      const text = wordsOf('reminder', { language, slots: { time: writtenTime(start, language) } });
      expect(checkWording(text).kind, text).to.equal('sound');
      expect(segmentsOf(text).segments, text).to.equal(1);
    }
  });
});
