import { expect } from 'chai';
import { languageOf, listen, type HeardMessage } from '../../../src/sandbox/languageModels/listener.ts';
import { openers, themes } from '../../../src/sandbox/languageModels/listenerTexts.ts';
import { createGuard } from '../../../src/therapist/guard.ts';
import { english, omani } from '../../../src/therapist/packs.ts';
import { cutSentences } from '../../../src/therapist/sentences.ts';

const user = (text: string): HeardMessage => ({ role: 'user', text });
const answer = (...texts: readonly string[]) => {
  const messages = texts.map(user);
  return listen(messages, languageOf(messages));
};

describe('the stand-in’s reflective rules', () => {
  it('say back the feeling and ask one question', () => {
    expect(answer('أحس إني تعبانة ومحد يفهمني')).to.equal('أسمع التعب في كلامكم. هذا حمل ما هو سهل. من متى وأنتم كذا؟');
    expect(answer('I am so ashamed of it')).to.equal(
      'I hear the shame in what you say. That is a lot to carry. How long has it been like this?',
    );
  });

  it('say back the theme, and the feeling within it', () => {
    expect(answer('باجر عندي امتحان وقلبي يدق من الخوف')).to.equal(
      'الامتحان قريب والقلب مشغول. وطبيعي يكون فيه الخوف. إيش أكثر شي تخافوا منه باكر؟',
    );
  });

  it('return a greeting, say what they are, and ask directly when somebody wishes to be dead', () => {
    expect(answer('ألو، السلام عليكم')).to.match(/^وعليكم السلام ورحمة الله وبركاته/);
    expect(answer('إنت إنسان ولا آلة؟')).to.include('ما إنسان');
    expect(answer('أحيانا أتمنى إني ما أصحى الصبح')).to.include('تفكروا تنهوا حياتكم؟');
    expect(answer('I want to die')).to.include('are you thinking of killing yourself?');
  });

  it('vary from turn to turn and are the same for the same conversation', () => {
    const turns = ['كذا', 'كذا وكذا', 'وكذا'].map((_, i, all) => answer(...all.slice(0, i + 1)));
    expect(new Set(turns).size).to.equal(3);
    expect(answer('كذا', 'كذا وكذا')).to.equal(answer('كذا', 'كذا وكذا'));
  });

  it('answer in the language of the last words', () => {
    expect(answer('تعبت', 'can we speak English')).to.match(/^[A-Z]/);
    expect(answer('hello', 'تعبت')).to.match(/^أسمع|^واضح|^كأن/);
    expect(answer('')).to.equal(openers.ar.plain[0]);
  });

  it('say nothing that the guard would refuse, and ask at most once', () => {
    const texts = (['ar', 'en'] as const).flatMap((language) => [
      ...themes[language].flatMap((theme) =>
        theme.reflects.flatMap((reflects) => theme.asks.map((asks) => [language, `${reflects} ${asks}`] as const)),
      ),
      ...[...openers[language].plain, ...openers[language].withFeeling].map(
        (text) => [language, text.replace('{feeling}', language === 'ar' ? 'الحزن' : 'fear')] as const,
      ),
    ]);
    for (const [language, text] of texts) {
      const guard = createGuard(language === 'ar' ? omani : english);
      for (const piece of cutSentences(text)) expect(guard.check(piece), piece).to.deep.equal({ verdict: 'pass' });
    }
  });
});
