import type { SafetyLines } from '../safetyLines.ts';

/** What Sanad says when there is danger, in English; the same rules as for the Omani lines (`omaniSafety.ts`). */
export const englishSafety: SafetyLines = {
  bringingPerson: [
    'All right, I am ringing a person from our team now.',
    'I am staying on the line with you until they answer.',
  ],
  connecting: [
    'The telephone of a person from our team is ringing on this line now.',
    'It will be quiet until they answer, please stay on the line.',
  ],
  personAnswered: [
    'Someone from the team has answered, I am telling them what matters.',
    'They will be with you in seconds, and I am here.',
  ],
  personDropped: [
    'The line to the person who answered broke off.',
    'I am back with you, and I am ringing somebody else now.',
  ],
  nobodyReached: [
    'I want to be honest with you, nobody from the team has picked up yet.',
    'I am staying with you, I keep ringing them, and I have noted that somebody must call you.',
    'If there is danger now, ring the emergency number{, emergency}, even if that means hanging up on me.',
    'I am listening.',
  ],
  nobodyYet: [
    'I want to be honest with you, nobody from the team has picked up yet.',
    'I keep ringing them, and we can talk until somebody answers.',
  ],
  nobodyForNow: [
    'I want to be honest with you, nobody from the team has answered.',
    'If you want me to try again, say person, or press zero.',
    'I am with you and I am listening.',
  ],
  declined: [
    'All right, I will not bring anyone now, that is for you to decide.',
    'I am with you and I am listening, and if you change your mind, say person, or press zero.',
  ],
  offerPersonAgain: [
    'A little while ago you said you did not want a person, and I understood that.',
    'What you carry is heavy, and a person from our team can help more than I can.',
    'Would you like me to bring someone now?',
  ],
  comesAnyway: [
    'I hear you, and I understand that you do not want anyone.',
    'Because your safety matters most right now, a person will join us, and I am not leaving you.',
  ],
  company1: ['I am with you, I have not gone.', 'I am still ringing the team.'],
  company2: ['Take a slow breath.', 'I am listening, whether you want to talk or to be quiet.'],
  company3: ['You are not alone right now, I am here on the line.'],
  company4: ['Pain this strong comes and goes, like a wave.', 'Stay with me until somebody comes.'],
  ringing1: ['I am still ringing the team, and I am with you.'],
  ringing2: ['It is still ringing, please stay with me.'],
  ringing3: ['I am here, and we can go on talking until somebody answers.'],
  presence: ['I hear you.', 'Take your time, I am here with you.'],

  stayWithMe: [
    'Thank you for telling me.',
    'I am ringing a person from our team now to talk with you, and I am staying with you.',
    'If something near you could hurt you, please move away from it.',
  ],
  stayWithMeNow: [
    'I am with you, stay on the line, I am ringing a person now to talk with you.',
    'Move away now from anything that could hurt you, and go to somebody near whom you trust.',
    'If somebody is hurt, or the danger is right now, ring the emergency number{, emergency}.',
  ],
  otherStay: [
    'It is good that you called, and we take this seriously.',
    'I am ringing a person from our team now to help you, and I am with you.',
    'If you can, do not leave them alone.',
  ],
  otherStayNow: [
    'It is good that you called, I am ringing a person now to help you.',
    'Stay beside them, do not leave them alone, and move anything that could hurt out of reach.',
    'Because the danger is now, ring the emergency number{, emergency}, from another telephone if there is one.',
  ],
  childStay: [
    'Thank you for telling me, and this is not your fault.',
    'I am bringing a grown-up now who helps, and I am with you.',
    'If you can, go to a place that is safe.',
  ],
  childStayNow: [
    'Thank you for telling me, and this is not your fault.',
    'I am bringing a person now who helps, and I am with you.',
    'Go to a safe place now, to a grown-up near you, and if there is danger now ring the emergency number{, emergency}.',
  ],
  violenceStay: [
    'Thank you for telling me, nobody deserves that.',
    'I am ringing a person from our team now, and I am on the line with you.',
    'If talking becomes dangerous, go quiet and leave the line open, I will understand.',
  ],
  violenceStayNow: [
    'I am with you, and I am ringing a person now to help you.',
    'If you can, get to a safe place, away from the kitchen and from any weapon.',
    'As soon as you can, ring the emergency number{, emergency}.',
  ],
  voicesStay: [
    'Thank you for telling me, what you hear is exhausting.',
    'I am ringing a person from our team now to talk with you, and I am with you.',
    'Whatever the voice says, do nothing that hurts, and stay with me.',
  ],
  voicesStayNow: [
    'I am with you, and I am ringing a person now to talk with you.',
    'Whatever the voice says, do not do it, move away from anything that hurts, and go to somebody you trust.',
    'If the danger is now, ring the emergency number{, emergency}.',
  ],
  medicalStay: [
    'This is an emergency, an ambulance is needed now.',
    'Ring the ambulance{, emergency}, from another telephone, or let somebody with you ring.',
    'I am ringing a person from our team, and I am staying with you.',
  ],

  askSuicide: [
    'When someone is this worn out, thoughts of dying or of ending their life can come.',
    'I am asking you plainly, are you thinking of killing yourself?',
  ],
  askSuicideAgain: [
    'I want to be sure that I understood you.',
    'In these days, have you had thoughts of killing yourself?',
  ],
  askPast: ['And before, at any time, have you tried to end your life or started to prepare for it?'],
  askRecent: ['And was that in the last three months?'],
  askHow: ['I ask for your safety, have you been thinking about how you might do this?'],
  askWhen: ['And do you mean to do this today or tonight?'],
  askOther: ['The person you are worried about, have they spoken of dying or of killing themselves?'],
  askSafe: ['I want to understand how safe you are.', 'Right now, at this moment, are you in a safe place?'],
  askFreely: [
    'If you cannot talk freely, that is all right.',
    'Press one if your answer is yes, and two if it is no.',
    'Are you safe right now?',
  ],
  askVoices: ['The voice that you hear, does it tell you to hurt yourself or somebody else?'],

  awayFromMeans: [
    'If what could hurt you is close, put it far from you, or go to another room.',
    'Can you do that now?',
  ],
  whoIsNear: ['I do not want you to be alone at this time.', 'Is somebody near you now whom you trust?'],
  whereAreYou: ['So that we know how to help if you need it.', 'Where are you now?'],
  breathe: [
    'Let us breathe together, slowly.',
    'Breathe in through your nose, one, two, three, four.',
    'And now let it out slowly through your mouth.',
  ],
  lookAround: ['Look around you, slowly.', 'What are three things that you can see?'],
  planPerson: [
    'When it gets this heavy, it is good to have somebody to turn to.',
    'Who is the person you could talk to at such a time?',
  ],
  whatNext: [
    'Let me tell you what happens next.',
    'A person from our team will talk with you on this same line and listen to you, and I am with you until they come.',
  ],
  otherWithYou: ['Are you in the same place as they are now?'],
  otherMeans: [
    'If you can do it without danger to you, move medicines, weapons and anything that hurts out of their reach.',
    'Can you do that?',
  ],
  otherWhere: ['So that help knows where to go.', 'Where are they now?'],
  childAdult: ['Is there a grown-up near you whom you like and trust?'],
  childBrave: ['You did the right thing when you called, and I am proud of you.', 'Stay on the line with me.'],
  safePlace: ['Can you go to a room whose door locks, or to the neighbours?'],
  neighbours: ['Is there a neighbour or a relative to whom you can go without making it more dangerous?'],
  voicesNoDeed: [
    'The voice talks, but you decide, and you do not have to do what it says.',
    'Can you put down what is in your hands and sit with me?',
  ],
  medicalAwake: ['Are they awake and breathing now?'],
  medicalNear: ['Stay beside them until the ambulance comes, and leave the door open.'],

  askBeforeClosing: [
    'Before we close, your safety matters to me, so I ask you once more.',
    'Right now, are you thinking of killing yourself?',
  ],
  stayABit: [
    'I know that you want to hang up.',
    'The person I am ringing may answer at any moment, please stay with me a little.',
    'What makes you want to hang up now?',
  ],
  goodbyeAfterRisk: [
    'Thank you for being so open with me.',
    'If these thoughts come back, talk to somebody you trust and ring here at any hour, and if there is danger ring the emergency number{, emergency}.',
    'Take care.',
  ],
  callbackGreeting: [
    'Hello, this is Sanad, an AI program, not a person.',
    'The line between us dropped a little while ago, so I am calling back.',
    'Can you talk now?',
  ],
};
