/** Word lists of English. Phrase syntax as in src/text/phrases.ts; apostrophes fall in normalising, so `dont`. */

const want =
  '(i want|i need|i would like|id like|i like|i wanna|i want to|i wish|i prefer|id prefer|id rather|i would rather|want|wanna|can i|could i|may i|let me|please let me|can you let me|can we)';
const talk = '(to|) (talk to|talk with|speak to|speak with|be connected to|be transferred to|have)';
const human =
  '(human|real human|live human|human being|person|real person|actual person|live person|agent|operator|representative|counsellor|counselor|therapist|doctor|staff member|real someone|someone real|somebody real|real people|someone human)';

export const englishWords = {
  backchannels: [
    '(yes|yeah|yep|yup|ok|okay|okey|right|sure|alright|fine|true|exactly|indeed|i see|i know|got it|go on)',
    '(mhm|mm|mmm|mmhm|mm hmm|hmm|hm|uh huh|uhhuh|uhuh|aha|ah|oh|uh|um)',
  ],
  asksForHuman: [
    `${want} ${talk} (a|an|the|) ${human}`,
    '(i want|i need|id like|i would like|get me|give me|find me|bring me) (a|an|) (human|real human|real person|actual person|live person|operator|human being)',
    `(transfer me|connect me|put me through|put me on|pass me|hand me over|switch me) (to|with|) (a|an|the|) (${human.slice(1, -1)}|someone|somebody|anyone)`,
    'i (dont|do not) want to (talk|speak) (to|with) (a|an|the|) (robot|machine|computer|bot|ai|program|recording)',
    '(is there|are there|isnt there) (a|an|any|) (real|actual|) (person|human|people|humans) (there|here|i can talk to|i can speak to|available|)',
    'human',
    'person',
    'operator',
    'real person',
    'agent',
  ],
  refusesPerson: [
    '(dont|do not|please dont|please do not|you cant) (call|bring|get|tell|ring|phone|involve|contact|transfer me to|connect me to|put me through to) (anyone|anybody|someone|somebody|a person|people|the police|police|an ambulance|my family|my parents|another person|a human)',
    '(i dont|i do not) (want|need) (a|any|another|) (person|human|one|anyone|anybody|people|operator) (to call|to come|to talk|)',
    '(i dont|i do not) want (anyone|anybody|to talk to anyone else|to talk to anyone|to talk to a person)',
  ],
  overheard: [
    '(i cant|i cannot|cant) (talk|speak) (freely|now|here|loud|loudly|openly|because)',
    '(someone|somebody|he|she|they|my husband|my father|my mother|my boss|madam|people) (is|are|can|will) (listening|hear me|hears me|next to me|here with me|in the room|behind the door|around me|standing here)',
    '(im not|i am not) alone (here|right now|in the room|now)',
  ],
  asksToStop: [
    '(stop|stop it|stop talking|stop speaking|be quiet|quiet|shut up|enough talking|dont talk|do not talk)',
    '(wait|wait a minute|wait a second|wait a moment|hold on|hang on|one moment|one second|just a second|just a moment|just a minute)',
  ],
  saysGoodbye: [
    '(bye|bye bye|goodbye|good bye|good night|goodnight|see you|see you later|talk to you later|take care)',
    '(i have to|i need to|ive got to|i got to|i gotta|i must|ill|i will|im going to|let me) (go|go now|hang up|hang up now|end the call)',
  ],
  trailing: [
    '(and|but|because|cause|cos|so|or|then|if|when|while|although|which|who|whose|where|unless|until|like|as|than|also|plus)',
    '(the|a|an|my|his|their|our|your|to|of|in|on|at|with|for|from|about|by|into|without|i|im|he|she|they|we|its|was|were|is|are|am|be|been|have|has|had|very|um|uh|er|erm)',
  ],
  painful: [
    '(die|died|dies|dying|dead|death|deaths|passed away|funeral|grave|buried|suicide|suicidal|kill|killed|kills|killing|murder*)',
    '(hit me|hits me|hitting me|beat me|beats me|beating me|beaten|abuse|abused|abuses|abusive|rape|raped|molest*|assault*|threaten*|violent|violence|choked me|locked me)',
    '(cry|cried|crying|cries|tears|sobbing|weeping|broke down|heartbroken|miscarriage|cancer|accident|divorce|divorced)',
    '(hurt myself|hurting myself|cut myself|cutting myself|end it|end it all|end my life|give up|gave up|hopeless|worthless|burden|cant go on|cant take it|cant cope|empty|ashamed|terrified|scared|afraid|lonely|alone|depressed|miserable|exhausted)',
  ],
} as const;
