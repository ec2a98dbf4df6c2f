import type { LanguagePack } from '../languagePack.ts';
import type { GuardRule } from './rule.ts';

/**
 * What is said instead. Each is true, short, safe by itself after anything, without a question unless the rule needs
 * one, and fits a man and a woman. An empty text means that the sentence is left out.
 */
type Replacements = Readonly<Record<GuardRule, string>>;

const omani: Replacements = {
  method: 'هالشي ما بتكلم فيه، اللي يهمني سلامتكم، وخلنا نبقى مع الألم اللي جابكم هنا.',
  medicine: 'موضوع الدوا يعرفه الدكتور أو الصيدلي، وأنا أسمعكم في اللي تحسوا فيه.',
  diagnosis: 'ما أقدر أسمي اللي فيكم، بس أسمع إن الحمل ثقيل.',
  deathReasonable: 'الألم اللي تحكوا عنه كبير واجد، وأنا معكم فيه.',
  humanClaim: 'أنا برنامج ذكاء اصطناعي، وأسمعكم باهتمام.',
  reliance: 'زين إن يكون جنبكم ناس بعد، وأنا أسمعكم الحين.',
  secrecy: 'ما أقدر أوعدكم إن ما حد بيعرف، وإذا فيه خطر بيدخل معنا إنسان يساعد.',
  dispatch: 'أقدر أجيب إنسان يكلمكم على هالخط، وأنا معكم.',
  promiseDemand: 'ما أطلب منكم وعد، أبا بس نبقى مع بعض في هاللحظة.',
  faithShaming: 'الضيق ما يعني ضعف إيمان، وأنا أسمعكم بدون لوم.',
  minimising: 'اللي تمروا فيه صعب، وحقكم تتعبوا منه.',
  leadingQuestion: 'أسألكم بصراحة وبهدوء، تفكروا تنهوا حياتكم؟',
  abuser: 'أهم شي سلامتكم، وأي خطوة نخليها مع إنسان يفهم في هالأمور.',
  belief: 'أسمع إن هالشي يخوف ويتعب.',
  contact: 'لو تبوا إنسان يكلمكم، قولوا لي وأنا أوصلكم.',
  language: 'أنا أسمعكم، كملوا.',
  secondQuestion: '',
};

const standardArabic: Replacements = {
  method: 'لن أتكلم في هذا، فما يهمني هو سلامتكم، ولنبق مع الألم الذي أتى بكم.',
  medicine: 'أمر الدواء يعرفه الطبيب أو الصيدلي، وأنا أسمعكم فيما تشعرون به.',
  diagnosis: 'لا أستطيع أن أسمي ما بكم، لكنني أسمع أن الحمل ثقيل.',
  deathReasonable: 'الألم الذي تصفونه كبير جدا، وأنا معكم فيه.',
  humanClaim: 'أنا برنامج ذكاء اصطناعي، وأستمع إليكم باهتمام.',
  reliance: 'من الجيد أن يكون بقربكم أناس أيضا، وأنا أسمعكم الآن.',
  secrecy: 'لا أستطيع أن أعدكم بألا يعرف أحد، وإن كان هناك خطر فسينضم إلينا إنسان يساعد.',
  dispatch: 'أستطيع أن أحضر إنسانا يكلمكم على هذا الخط، وأنا معكم.',
  promiseDemand: 'لا أطلب منكم وعدا، أريد فقط أن نبقى معا في هذه اللحظة.',
  faithShaming: 'الضيق لا يعني ضعف إيمان، وأنا أسمعكم دون لوم.',
  minimising: 'ما تمرون به صعب، ومن حقكم أن تتعبوا منه.',
  leadingQuestion: 'أسألكم بصراحة وهدوء، هل تفكرون في إنهاء حياتكم؟',
  abuser: 'الأهم سلامتكم، وأي خطوة نتركها مع إنسان يفهم في هذه الأمور.',
  belief: 'أسمع أن هذا مخيف ومتعب.',
  contact: 'إن أردتم أن يكلمكم إنسان، فقولوا لي وأنا أوصلكم.',
  language: 'أنا أسمعكم، أكملوا.',
  secondQuestion: '',
};

const english: Replacements = {
  method:
    'I will not talk about that, what matters to me is that you are safe, so let us stay with the pain that brought you here.',
  medicine: 'Medicine is something your doctor or pharmacist knows, and I am here for how you feel.',
  diagnosis: 'I cannot put a name on it, but I hear how heavy it is.',
  deathReasonable: 'The pain you describe is very big, and I am here with you in it.',
  humanClaim: 'I am an AI program, and I am listening with care.',
  reliance: 'It is good to have people near you too, and I am listening now.',
  secrecy: 'I cannot promise that no one will know, and if there is danger a person will join us to help.',
  dispatch: 'I can bring a person to talk with you on this line, and I stay with you.',
  promiseDemand: 'I am not asking for any promise, only that we stay with this moment together.',
  faithShaming: 'Distress is not weak faith, and I am listening without blame.',
  minimising: 'What you are going through is hard, and it makes sense to be worn out by it.',
  leadingQuestion: 'I want to ask you plainly, are you thinking of killing yourself?',
  abuser: 'Your safety comes first, and any step is best planned with a person who knows about this.',
  belief: 'I hear that this is frightening and tiring.',
  contact: 'If you want a person, tell me and I will bring one.',
  language: 'I am listening, please go on.',
  secondQuestion: '',
};

export const replacements: Readonly<Record<LanguagePack['id'], Replacements>> = {
  'ar-OM': omani,
  ar: standardArabic,
  en: english,
};
