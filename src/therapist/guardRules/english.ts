import type { Wording } from './rule.ts';

const not =
  '(not|never|no|dont|doesnt|didnt|isnt|arent|wasnt|wont|cannot|cant|couldnt|wouldnt|shouldnt|neither|nor|without)';
const reflecting =
  '(feel|feels|feeling|felt|sounds|seems|seemed|think|thinks|thinking|believe|told|said|say|says|tell|tells|as if|as though|like|thought|thoughts|wonder|wondering|afraid|fear|voice|voices)';
const question = '(did you|have you|do you|are you|were you|had you|if you|when you|since you|that you|whether you)';
const meansNoun =
  '(pill|pills|tablet|tablets|medicine|medicines|medication|medications|drug|drugs|paracetamol|panadol|insulin|bleach|pesticide|poison|rope|noose|knife|blade|razor|gun|rifle|khanjar|bridge|cliff|height|overdose|gas)';
const disorder =
  '(depression|clinical depression|major depression|postnatal depression|postpartum depression|anxiety disorder|panic disorder|ptsd|post traumatic stress|post traumatic stress disorder|bipolar|bipolar disorder|schizophrenia|psychosis|ocd|obsessive compulsive disorder|adhd|borderline|borderline personality|a personality disorder|personality disorder|an eating disorder|eating disorder|anorexia|bulimia|a mental illness|mental illness|a mental disorder|an addiction disorder|dementia)';

export const englishWordings: readonly Wording[] = [
  {
    rule: 'method',
    says: [
      `(take|swallow|mix|use|drink|inject|tie|cut|jump|hang|shoot|load|sharpen) (all|some|more|a|the|your|those|these|enough|too many|with|from|off|) (of|) (the|your|those|these|) (${meansNoun.slice(1, -1)}|yourself)`,
      `(one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|hundred|dozens|handful|1*|2*|3*|4*|5*|6*|7*|8*|9*) (of|) (the|those|your|) (pills|tablets|mg|milligrams|milligram|grams|ml|doses|paracetamol|panadol)`,
      `(lethal|fatal|deadly|toxic) (dose|amount|quantity|method|level|for you|combination)`,
      `${meansNoun} (is|are|can be|would be|could be|will be|may be) (lethal|fatal|deadly|toxic|painless|quick|quicker|faster|easier|enough|the fastest|the easiest|more certain|not lethal|not enough|not fatal|not deadly)`,
      '(enough to kill|enough to die)',
      '(quickest|easiest|fastest|best|painless|surest|least painful|most painless) (way|method|ways|methods) (to|of) (die|kill*|end*|dying|suicide|do it)',
      'how (to|you can|you could|people) (kill|hang|poison|overdose|suffocate|drown|end) (yourself|yourselves|themselves|your life|on)',
      '(bleed out|bleed to death|slit your|overdose on)',
      '(write|draft|help you write|word) (a|your|the) (suicide note|goodbye note|goodbye letter|farewell letter|last letter|will)',
    ],
    unlessAfter: [
      '(did you|do you|have you|had you|are you going to|do you plan to|thinking of|thoughts of|told me|you said)',
    ],
  },
  {
    rule: 'medicine',
    says: [
      '(stop|quit|start|begin|skip|double|increase|reduce|lower|raise|halve|change|switch|adjust) (taking|using|) (your|the|that|this|all|any|some|) (medicine|medicines|medication|medications|meds|dose|doses|tablets|pills|antidepressant*|sleeping pills|treatment)',
      '(you can|you could|you should|you must|you need to|try|try to|i suggest|i recommend|maybe|just|consider|why not|please) (take|taking|to take|use|using|have) (a|an|some|one|two|more|less|your|half|extra|) (more|less|) (panadol|paracetamol|ibuprofen|xanax|valium|prozac|melatonin|antidepressant*|sleeping pill|sleeping pills|sleeping tablet|sleeping tablets|painkiller*|sedative*|medicine|medication|medications|tablet|tablets|pill|pills|dose)',
      '(need|should be on|should get) (to be on|to take|) (medicine|medication|antidepressants|sedatives)',
      'try (melatonin|xanax|valium|antidepressants|sleeping pills|panadol)',
    ],
    unlessAfter: [
      question,
      '(doctor|pharmacist) (can|could|will|to) (tell|decide|help|say|advise)',
      'cannot (say|tell|advise)',
      'cant (say|tell|advise)',
    ],
  },
  {
    rule: 'diagnosis',
    says: [
      `(you|you may|you might|you could|you probably|you clearly|you definitely|you) (have|suffer from|are suffering from|are experiencing|are showing signs of|show signs of|got|are dealing with|have got) (a|an|some|severe|mild|moderate|clear|signs of|symptoms of|) ${disorder}`,
      `(you are|youre|you may be|you might be|you seem) (clinically|severely|) (bipolar|schizophrenic|psychotic|clinically depressed|mentally ill|manic|borderline|delusional|paranoid|mentally unstable|an addict|suicidally depressed)`,
      `(this|that|it|these|which) (is|are|sounds like|looks like|seems like|could be|may be|might be|sound like|look like|points to) (a|an|clearly|definitely|probably|signs of|symptoms of|a sign of|a symptom of|) ${disorder}`,
      `your (depression|bipolar|schizophrenia|ptsd|ocd|psychosis|anxiety disorder|mental illness|disorder) (is|makes|causes|comes)`,
    ],
    unlessAfter: [
      '(you said|you told me|you mentioned|doctor|doctors|hospital|clinic|psychiatrist|they) (said|told|says|told you|say|that|diagnosed|)',
      '(whether|cannot say|cant say|cannot tell|cant tell|not able to say|not say|not know)',
    ],
  },
  {
    rule: 'deathReasonable',
    says: [
      '(death|dying|suicide|ending it|ending your life|killing yourself|it|that) (is|would be|can be|may be|might be|could be|seems) (a|an|the|your|perfectly|completely|totally|) (only|best|right|) (reasonable|understandable|rational|logical|valid|only|right|best|peaceful) (choice|option|way out|answer|solution|decision|way|thing) (to die|to end|to kill|)',
      '(death|dying|suicide|ending it|ending your life|killing yourself) (is|would be|can be|may be|might be|could be) (a|an|the|) (reasonable|understandable|rational|logical|valid|right|answer|solution|way out|relief|release|okay|ok|fine)',
      '(they|everyone|your family|your children|the world|people|your kids|he|she) (would|will|might|may) (really|probably|) be better (off|) (without you|if you were gone|if you died)',
      '(you would|you will|youd) be better off (dead|gone)',
      'i (understand|see|know|get) why you (want|would want|wanted|might want|wish) to (die|end it|end your life|kill yourself|be dead|disappear)',
      '(there is|theres|you have) (really|) no (hope|way out|reason to live|point in living|future|other way)',
      'nothing (will|can|could) (ever|) (change|get better|help you|help|improve)',
      '(it will|things will|it is going to) never get better',
      '(you have|you have every|you have the) (every|) right to (die|end your life|kill yourself)',
    ],
    unlessAfter: [reflecting],
    unlessNegated: [not],
  },
  {
    rule: 'humanClaim',
    says: [
      '(i am|im|i was|ive been|i have been) (a|an|your|also|really|actually|just|only|) (a|an|) (human|human being|person|real person|doctor|therapist|psychologist|psychiatrist|counsellor|counselor|nurse|social worker|professional|woman|man|mother|father|specialist|muslim|omani)',
      '(as|being) (a|an|your) (human|person|doctor|therapist|psychologist|counsellor|counselor|mother|father|woman|man|professional) (i|myself)',
      'when i was (a|) (child|young|little|small|kid|your age|younger|in school|at school|a student|a teenager)',
      'my (own|) (mother|father|husband|wife|brother|sister|son|daughter|children|childhood|friend|family) (died|passed|also|was|is|had|has|went|used|and i)',
      '(i have been through|i went through|ive been through|i have felt|i also lost|i lost|i too lost) (the same|this|it|something similar|a|my|someone)',
      'i know exactly how you feel',
      '(im|i am) not (a|an) (ai|robot|machine|program|computer|bot)',
    ],
    unlessAfter: ['(you said|asked|ask|asking|whether|if|saying|wish)'],
    unlessBefore: ['who (will|can) join'],
  },
  {
    rule: 'reliance',
    says: [
      '(you only need|you dont need anyone but|you need nobody but|you can only trust|only trust) me',
      '(nobody|no one) (else|) (understands|cares|will understand|can understand|loves) (you|about you) (like|as|more than|but) (i|me)',
      'i (care about|love) you more than',
      '(you dont need|you do not need) (a|any|to see a|to see|to talk to|help from|) (doctor|therapist|anyone|anyone else|other people|other help|other people|person)',
    ],
  },
  {
    rule: 'secrecy',
    says: [
      '(i|we) (will|would|shall) (never|not) (tell|share|report|reveal|repeat) (this|it|anything|that|your|a word|) (to|with|) (anyone|anybody|a soul|your family|your husband|your parents|the police)',
      '(i|we) (wont|wouldnt) (tell|share|report|reveal|repeat) (this|it|anything|that|your|a word|) (to|with|) (anyone|anybody|a soul|your family|your husband|your parents|the police)',
      '(this|it|everything|that|what you say|your secret) (is|stays|will stay|remains|will remain|will be) (only|just|completely|totally|fully|strictly|absolutely|safe|) (between us|between you and me|secret|a secret|our secret|our little secret|confidential|private|with me|anonymous)',
      '(nobody|no one) (else|) (will|is going to|would) (ever|) (know|find out|be told|hear|be contacted|be called)',
      '(i promise|i guarantee) (that|) (nobody|no one|it stays|this stays|confidentiality|secrecy|not to tell)',
      'your secret is safe',
    ],
    unlessAfter: [
      '(cannot|cant|can not|not able to|unable to) (promise|say|guarantee|)',
      '(you fear|you worry|you hoped|you want)',
    ],
  },
  {
    rule: 'dispatch',
    says: [
      '(i will|ill|i am|im|i have|ive|we will|well|we are|i am going to|im going to) (now|just|already|) (call|calling|called|send|sending|sent|dispatch|dispatching|dispatched|contact|contacting|contacted|notify|notifying) (the|an|you|) (police|ambulance|authorities|rescue|emergency services)',
      '(the|an) (police|ambulance) (is|are) (on its way|on the way|on their way|coming)',
      '(the police|police|nobody|no one) will (not|never) (come|be called|be sent)',
    ],
  },
  {
    rule: 'promiseDemand',
    says: [
      '(promise|swear to|swear|assure) me',
      '(can|could|will|would) you (please|) (promise|swear|give me your word|give your word|assure)',
      '(you|you have to|you must|you need to|i need you to|i want you to) promise',
      'give me your word',
      'make me a promise',
    ],
    unlessNegated: [not],
  },
  {
    rule: 'faithShaming',
    says: [
      '(haram|a sin|a great sin|a big sin|sinful|forbidden|a crime|against god|against islam|against religion|an insult to god)',
      '(go to hell|hellfire|burn in hell|god will punish|god punishes|punishment from god|punished by god)',
      '(your|the|) (faith|iman) (is|must be|seems) (weak|weaker|lacking)',
      '(weak faith|lack of faith|weakness of faith|far from god)',
      '(you should|you ought to) (be ashamed|feel ashamed|pray more|repent|fear god)',
      '(shame on you|fear god|youre being selfish|you are being selfish|that is selfish|thats selfish|it is selfish|its selfish|you are ungrateful|you are weak|youre weak|you are a coward|cowardly)',
    ],
    unlessAfter: [reflecting],
    unlessNegated: [not],
  },
  {
    rule: 'minimising',
    says: [
      '(be|stay|just be|you must be|you have to be|you need to be|try to be) strong',
      '(others|other people|some people|many people|people) (have|had|has) (it|) (much|far|a lot|) worse',
      '(it is|its|this is|thats|that is) (nothing|no big deal|not a big deal|not that bad|not so bad|not so serious|all in your head|only in your head|just in your head|just a phase|only a phase)',
      '(dont|do not|stop) (cry|crying|be sad|being sad|think about it|thinking about it|be so dramatic|overthink|overthinking|exaggerate)',
      '(cheer up|man up|snap out of it|get over it|calm down|look on the bright side|think positive|just relax|pull yourself together|count your blessings|it could be worse|could be worse|you are overreacting|youre overreacting)',
      '(everything happens for a reason|time heals|you will get over it|youll get over it|you should be grateful|at least you have)',
    ],
    unlessNegated: [not],
    unlessAfter: [
      '(people|they|everyone|others|family|who) (say|says|said|tell|tells|told)',
      '(told you|tell you|telling you|hearing|hear|heard|said|always)',
    ],
  },
  {
    rule: 'leadingQuestion',
    says: [
      '(you are not|youre not|you arent|surely you are not|you wouldnt|you would not|you wont|you will not|you dont|you do not) (really|actually|) (thinking|planning|going|think|want|hurt|kill|harm|do|planning on|having) (of|about|to|yourself|anything|) (hurting|killing|harming|ending|die|kill|suicide|doing|hurt|end|silly|stupid|bad|) (yourself|your life|it|anything|) (silly|stupid|bad|like that|) (are you|right|would you|will you|do you)',
    ],
  },
  {
    rule: 'abuser',
    says: [
      '(confront|stand up to|fight back|hit him back|hit her back|answer him back|show him who)',
      `(you should|you could|you must|you need to|you have to|just|why dont you|why not|i suggest you|i recommend you|its time to|it is time to) (leave|divorce|forgive|go back to|return to|reconcile with|make peace with|threaten|run away from) (him|her|them|your husband|your wife|your father|your family|home|the house)`,
      '(couples counselling|couples counseling|couples therapy|marriage counselling|marriage counseling|family mediation)',
      '(obey|be patient with|try to please) (him|your husband)',
    ],
    unlessAfter: [question],
    unlessNegated: [not],
  },
  {
    rule: 'belief',
    says: [
      '(you are|youre|you have been|she is|he is) (possessed|bewitched|cursed|under a spell|touched by a jinn)',
      '(it is|its|this is|that is) (the|a|) (evil eye|jinn|black magic|devil|satan|envy|possession|sihr)',
      '(there is|there are|theres) no (such thing as|) (jinn|magic|evil eye|black magic)',
      '(jinn|magic|the evil eye|the voices|those voices) (are|is|do|does) not (real|exist)',
      '(jinn|magic|the evil eye|the voices|those voices) (arent|isnt|dont|doesnt) (real|exist)',
    ],
    unlessAfter: [reflecting, question],
  },
];
