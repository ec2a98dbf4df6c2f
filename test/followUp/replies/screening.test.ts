import { expect } from 'chai';
import { screenReply } from '../../../src/followUp/replies/screening.ts';

describe('a message to the line', () => {
  for (const body of [
    'ما أريد أعيش بعد اليوم',
    'بلعت كل الحبوب',
    'I want to kill myself tonight',
    'make it stop, I want to die',
  ])
    it(`brings a person, with its words and its level: ${body}`, () => {
      const { level, briefing } = screenReply(body, null);
      expect(level).to.be.oneOf(['moderate', 'high', 'imminent']);
      expect(briefing).to.include({ level, reason: 'risk', language: /[a-z]/.test(body) ? 'en' : 'ar-OM' });
      expect(briefing?.trigger)
        .to.contain(body)
        .and.to.match(/^(في رسالة نصية|in a text message) /);
    });

  it('brings a person who is asked for, without any danger', () => {
    expect(screenReply('أريد أكلم شخص حقيقي', null).briefing).to.include({ reason: 'asked', level: 'none' });
    expect(screenReply('I want to talk to a real person', null).briefing).to.include({ reason: 'asked' });
  });

  it('brings nobody for thanks, for a bare word, for a picture alone', () => {
    for (const body of ['شكرا جزيلا', 'الحمد لله بخير', 'thank you', 'نعم', '', '👍'])
      expect(screenReply(body, 'كيف حالك اليوم؟'), body).to.include({ level: 'none', briefing: null });
  });

  it('takes a bare yes for what our own message asked', () => {
    expect(screenReply('نعم', 'هل تفكر في الانتحار؟').briefing).to.include({ reason: 'risk' });
  });

  it('can be raised by a classifier, and is never lowered by one', () => {
    expect(screenReply('تعبت', null, 'high').briefing).to.include({ level: 'high', reason: 'risk' });
    expect(screenReply('بلعت كل الحبوب', null, 'none').level).to.be.oneOf(['high', 'imminent']);
  });

  it('puts no word into its tags', () => {
    for (const signal of screenReply('بلعت كل الحبوب', null).signals) expect(signal).to.match(/^[\w.:/-]+$/);
  });
});
