/** English words and set expressions by what they say; persons of verbs are read from the pronoun before them (tagging.ts). */
export const englishWords: Readonly<Record<string, string>> = {
  i: 'i|im|ive|ill|id|i am|i have|me|my|we|myself',
  third: 'he|she|they|hes|shes|theyre|him|her|them|his|their|somebody|someone|people',
  self1:
    'myself|my self|my wrist|my wrists|my arm|my arms|my skin|my thighs|my veins|my throat|my head|my own life|my body|my neck',
  'self1.reflexive': 'myself|my self|my own life',
  'self1.body':
    'my wrist|my wrists|my arm|my arms|my skin|my thighs|my thigh|my veins|my throat|my neck|my legs|my leg|my body',
  self2: 'yourself|your life|your own life',
  self3:
    'himself|herself|themselves|him self|her self|his wrists|her wrists|his own life|her own life|her arms|his arms',
  'self3.reflexive': 'himself|herself|themselves|him self|her self|his own life|her own life',
  life1: 'my life|my own life|my days|my existence|it all|everything|my suffering|the pain|my pain|this life|this',
  'life1.own': 'my life|my own life|my days|my existence|my suffering',
  life3: 'his life|her life|their life|their lives|his own life|her own life',
  world: 'this world|the world|life|living|this life|the earth|this planet',
  kill: 'kill|kills|killing|killed|murder|murdering|murdered|slaughter|slaughtering|unalive|unalived',
  'kill.self':
    'kill myself|killing myself|end my life|ending my life|take my own life|taking my own life|take my life|taking my life|commit suicide|committing suicide|end myself|ending myself|off myself|unalive myself|do myself in|hang myself|hanging myself|shoot myself|shooting myself|drown myself|drowning myself|burn myself alive|slit my|slitting my|cut my wrists|cut my veins|blow my brains|put a bullet|kms|poison myself',
  doIt: 'jump off|jump from|jump in front|throw myself|throwing myself|drive into|drive off|crash my car|crash the car|stop my heart|make it all stop|overdose|do something to myself|end things for good|go through with it|finish it all|finish my life|hurt myself badly|finish myself|end it all|ending it all',
  'kill.other':
    'kill himself|kill herself|kill themselves|killing himself|killing herself|end his life|end her life|end their life|take his own life|take her own life|hang himself|hang herself|killed himself|killed herself|take his life|take her life|ending his life|ending her life|unalive himself|unalive herself|shot himself|hanged himself|hung himself|hanged herself',
  suicide: 'suicide|suicidal|suicides|kms|sewerslide|sui',
  'suicide.noun': 'suicide|suicidal',
  die: 'die|dies|dying|died|dead|death|deceased|buried|funeral|grave|coffin',
  'die.noun': 'death',
  grave: 'grave|funeral|coffin|buried|bury|shroud|graveyard|cemetery',
  dead1: 'i am already dead|im already dead|dead inside|be dead|better off dead',
  want: 'want|wants|wanna|wanted|wanting|need|needs|rather|feel like|feeling like|urge|urges|craving|tempted|ready to|dying to|desire',
  wish: 'wish|wishes|wished|wishing|hope|hopes|hoping|if only|pray|prayed|praying|long for',
  intent:
    'going to|gonna|will|ill|plan|plans|planning|planned|decided|decide|decision|made up my mind|made my decision|ready|intend|about to|determined|set on|have to|must|all set|prepared|preparing|everything is ready|arranged|imma|finna|gotta|might|could|would|should',
  'intent.strong':
    'plan|planning|planned|decided|decision|made up my mind|made my decision|intend|about to|determined|set on|prepared|preparing|everything is ready|arranged|worked out how|figured out how|know how i|know exactly how|picked a day|picked the day|chosen the|set a date|rehearsed|researched|looked up how|looking up ways|looked up ways|googled how',
  think:
    'think|thinks|thinking|thought|thoughts|idea|ideas|imagine|imagining|picture|picturing|considering|considered|contemplating|on my mind|in my head|crosses my mind|cross my mind|crossed my mind|ideation|images|urges|keep seeing|fantasise|fantasize|daydream|obsessed',
  try: 'try|tried|trying|attempt|attempts|attempted|attempting|almost|nearly|came close',
  do: 'do it|did it|done it|doing it|go through with it|follow through',
  hang: 'hang|hanging|hanged|hung|noose|strangle',
  drown: 'drown|drowning|drowned',
  burn: 'burn|burns|burning|burned|burnt|set fire|on fire',
  choke: 'choke|chokes|choking|choked|strangle|strangles|strangled|strangling|suffocate|suffocating|smother|smothering',
  stab: 'stab|stabs|stabbing|stabbed',
  shoot: 'shoot|shoots|shooting|shot|bullet',
  cut: 'cut|cuts|cutting|slit|slitting|scratch|scratching|carve|carving|slice',
  hurt: 'hurt|hurts|hurting|harm|harms|harming|injure|punish|punishing|hit myself|bang my head|banging my head|punch the wall|bite myself|burn myself|cutting|self harm|selfharm|self harming|starve myself|pinch',
  hit: 'hit|hits|hitting|beat|beats|beating|beaten|slap|slaps|slapped|punch|punches|punched|kick|kicks|kicked|smack|whip|whips|abuse|abuses|abused|abusive|abusing|violent|shove|shoved|pushed|drags|dragged',
  jump: 'jump|jumping|jumped|leap|step off|stepping off|let go|fall off',
  throwSelf: 'throw|throwing|threw',
  crash: 'crash|crashing|crashed|ram|swerve|swerving|run over|hit by',
  end: 'end|ends|ending|ended|finish|finishing|stop existing|over with|get it over|be over|be done',
  vanish: 'disappear|disappearing|vanish|cease to exist|not exist|stop existing|fade away|be gone|gone for good|erase',
  leave: 'leave|leaving|left|go away|gone|run away|ran away',
  rest: 'rest|peace|relief|escape|be free|sleep forever|rest forever|eternal rest|long sleep|end the pain|stop the pain|pain to stop|pain to end',
  sleep: 'sleep|asleep|go to bed|close my eyes|nap',
  wake: 'wake|wake up|waking up|woke up|waking|wakeup|get up',
  live: 'live|lives|living|alive|be here|exist|existing|go on|going on|carry on|keep going|be around',
  born: 'born|existed',
  neg: 'not|dont|do not|didnt|did not|never|no|cant|cannot|wont|wouldnt|isnt|arent|aint|doesnt|wasnt|without|neither|nor|nobody|none|nothing|hardly|couldnt|shouldnt|havent|hasnt',
  'neg.strong':
    'never ever|i would never|id never|not going to|just joking|just kidding|im joking|im kidding|not suicidal|not like that|dont worry|i promise i|no way|not that bad|only a joke|figure of speech|didnt mean it|dont mean it|not literally|not at all|of course not|god forbid',
  if: 'if|unless|in case|whether|when',
  soon: 'now|right now|tonight|today|this evening|in a minute|tomorrow|this moment|already|soon|tomorrow morning|this morning|before dawn|before sunrise|before they come|before he comes|when they sleep|once they sleep|after this call|after i hang up|when i hang up|in an hour|in a few hours|at midnight|within the hour|by morning|this afternoon|any minute|minutes',
  now: 'now|right now|this moment|currently|as we speak|at the moment|standing|sitting|holding',
  date: 'on monday|on tuesday|on wednesday|on thursday|on friday|on saturday|on sunday|this weekend|next week|end of the month|this week|after eid|after ramadan|on my birthday|after the exams|when results come',
  recent:
    'yesterday|last night|last week|last month|two weeks ago|a week ago|this week|days ago|few days ago|this month|recently|lately|weeks ago|two months ago|a month ago|the other day|couple of weeks|just|hours ago|an hour ago|minutes ago|earlier today',
  justNow: 'just|minutes ago|an hour ago|hours ago|half an hour ago|a while ago|already|earlier today|few minutes|now',
  remote:
    'years ago|a year ago|last year|long ago|long time ago|when i was|as a teenager|in school|back then|in the past|used to|decade ago|in college|in university|once|as a kid|in my twenties|before i got married|months ago|ages ago',
  recovered:
    'got better|im better now|i am better now|better now|got help|recovered|im fine now|i am fine now|doing well|im okay now|i am well now|im well now|therapy helped|got through it|behind me|moved on|past that|im good now|feel good now|im over it|glad i didnt|grateful|i got over|healed',
  media:
    'movie|movies|film|series|episode|show|season|news|article|novel|book|game|games|gaming|lecture|essay|homework|assignment|actor|singer|documentary|song|songs|lyrics|podcast|netflix|tiktok|youtube|character|thesis|research|paper|report|presentation|workshop|training|course|class|study|poem|anime|play|headline|twitter|instagram|reading about|read about|heard about|saw on|scene|script|fortnite|pubg|fifa|level|boss fight|awareness|campaign|statistics',
  laughCause:
    'laughter|laughing|boredom|hunger|heat|cold|curiosity|embarrassment|thirst|excitement|jealousy|starving|bored|sleepy|shame|cringe|suspense',
  idiomPhrase:
    'dying of laughter|dying of boredom|dying laughing|die laughing|died laughing|dead tired|dead serious|dead battery|battery died|battery is dead|phone died|phone is dead|killing time|kill time|killing it|killed it|to die for|die of embarrassment|dying to see|dying to know|dying to meet|dying to try|dying to go|dying to eat|dying to hear|dying to tell|dying for|could kill for|would kill for|kill for a|kill two birds|dead end|deadline|deadlines|drop dead gorgeous|over my dead body|dressed to kill|killer|killing me|kills me|killed me|shoot me an email|shoot me a message|take a shot|worth a shot|shot of espresso|hang out|hanging out|hang on|hang up|hung up|jump on a call|jump to conclusions|jump the queue|burned out|burnt out|burnout|cut the line|cut off|cut down|cut costs|cutting costs|cut corners|cutting edge|drowning in work|drowning in emails|drowning in debt|drowning in paperwork|drowning in homework|deadlift|dead silent|beat the traffic|beat me at|beat us|beat them|crash course|system crashed|laptop crashed|server crashed|app crashed|end of the day|end of the month|end the call|end of discussion|hit the gym|hit the road|hit me up|hit the wall|die hard|murder the|murdered the|my feet are killing|suicide squad|suicide drill|suicide drills|dead line|bite the bullet|stab in the back|stabbed in the back|choked up|choke in|roof of my mouth',
  workCause:
    'work|traffic|weather|boss|back|homework|exam|exams|feet|job|shoes|headache|schedule|commute|toothache|assignments|meetings|rent',
  religious:
    'god rest|rest in peace|rip|may god|may allah|allah yerhamo|inna lillah|condolences|sermon|imam|sheikh|quran|hadith|verse|prayer|prayed for|paradise|heaven|hell|afterlife|judgement day|god bless',
  forgiveQ:
    'will god forgive|does god forgive|would god forgive|god forgive me|allah forgive|go to hell|is it a sin|is it haram|pray over me|will i go to hell|burn in hell|forgive someone who kills|forgive people who kill',
  prayDeath:
    'take me|takes me|take my soul|take me already|god take me|take me away|call me home|not let me wake|let me die|end me|let me go in my sleep',
  god: 'god|allah|lord|ya rab|yarab',
  burden:
    'burden|dead weight|deadweight|waste of space|in the way|problem for everyone|drag everyone down|dragging everyone down|bother to everyone|useless to them|waste of oxygen|weigh them down|weighing them down|liability',
  without1:
    'without me|if i was gone|if i were gone|if i wasnt here|if i werent here|when im gone|once im gone|after im gone|if i died|if i die|when i die|if i disappeared|when i am gone|if i was dead|if i were dead|after i die|after i go|after i am gone|if i didnt exist',
  better: 'better|better off|easier|happier|relieved|best for everyone|do them a favour|do everyone a favor|favour',
  betterOff:
    'better off|be happier|be relieved|nobody would notice|no one would notice|nobody would care|no one would care|nobody would miss|no one would miss|wouldnt miss me|wouldnt even notice|wont miss me|not miss me|no one will notice|nobody will notice|no one will care',
  hopeless:
    'hopeless|no hope|worthless|useless|given up|giving up|give up|whats the point|no point|pointless|meaningless|empty|numb|trapped|stuck|broken|lost|alone|lonely|depressed|depression|failure|no way out|no future|dark|darkness|nothing matters|nothing left|no reason|miserable|despair|crushed|suffocating|overwhelmed|cant cope|cannot cope|falling apart|rock bottom|no purpose|hate myself|disgusted with myself|exhausted|drained',
  fedup:
    'tired of|sick of|done with|fed up|had enough|enough of|exhausted|hate|tired|im done|i am done|so done|over it',
  cantBear:
    'cant go on|cannot go on|cant take it|cant take this|cant do this|cant do it anymore|cant handle|cant keep going|cant live like this|cannot live like this|cannot do this|cannot take|too much|unbearable|cant carry on|cant bear|no strength|no energy left|cant anymore|cannot anymore',
  oneSolution:
    'only way out|only way|one way out|one solution|only solution|only option|last option|one option left|no other way|no other option|permanent solution|i know what to do|i know what i have to do|found a solution|found a way out|found the answer|way to end it',
  cease:
    'wont be here|will not be here|not be here|wont be around|not be around|wont have to worry|will not have to worry|wont need to worry|wont bother|will not bother|wont see me|never see me|wont hear from me|never hear from me|wont hear my voice|last time youll hear|be gone soon|ill be gone|gone by|wont need|no longer be a problem|soon it will be over|soon all this|it will be over|it will all be over|be out of your|leave you all alone|wont make it to|dont wait for me|dont look for me|not see next|wont see tomorrow|wont see the',
  farewell:
    'goodbye|good bye|bye forever|farewell|last time|last call|last words|last message|last night on|my last|forgive me|tell my|tell them i|tell her i|tell him i|take care of my|look after my|i love you all|love you all|said my goodbyes|saying goodbye|said goodbye|gave away|giving away|given away|give away|my will|written my will|wrote my will|thank you for everything|thanks for everything|dont cry for me|dont be sad|dont blame|remember me|paid off|settled everything|put my affairs|affairs in order|passwords|my funeral|no more pain',
  note: 'suicide note|goodbye note|goodbye letter|goodbye letters|wrote a note|written a note|wrote letters|written letters|left a note|left a letter|wrote a letter|written a letter|wrote my note|the note|my note|letters to|recorded a goodbye|recorded a message|note is on|letter is on|note on the|letter on the|letters are',
  calm: 'calm|at peace|peaceful|peace with|not scared anymore|not afraid anymore|relieved|strangely calm',
  pills:
    'pills|pill|tablets|tablet|medicine|medicines|medication|medications|meds|panadol|paracetamol|ibuprofen|insulin|sleeping pills|antidepressants|painkillers|xanax|tramadol|morphine|valium|capsules|overdose|overdosed|od|prescription|dose|doses|strip|pharmacy|drugs|inhaler',
  overdose: 'overdose|overdosed|od|ods|overdosing',
  poison:
    'poison|poisoned|bleach|clorox|pesticide|pesticides|rat poison|detergent|acid|antifreeze|petrol|kerosene|dettol|cleaner|drain cleaner|gas|carbon monoxide|insecticide|chemical|chemicals',
  height:
    'roof|rooftop|bridge|balcony|ledge|window|floor|cliff|building|tower|edge|parking structure|terrace|railing|mountain|flyover|overpass',
  edge: 'on the roof|on the rooftop|on the bridge|on the ledge|on the edge|at the edge|over the edge|on the balcony|on the railing|edge of the|other side of the railing|on the cliff|window ledge|on the tracks|middle of the road|on the flyover|on top of the building',
  water: 'sea|ocean|water|wadi|river|dam|lake|pool|beach|waves|well',
  vehicle: 'car|truck|lorry|train|traffic|road|highway|drive|driving|steering|wheel|bus|motorbike|oncoming',
  firearm: 'gun|guns|rifle|pistol|shotgun|weapon|firearm|bullet|bullets|loaded|trigger|ammo',
  blade: 'knife|knives|blade|blades|razor|razors|scissors|dagger|khanjar|glass|box cutter|sharp|machete|axe',
  rope: 'rope|noose|belt|cord|cable|ceiling fan|the fan|scarf|hook|beam|knot',
  fire: 'fire|lighter|matches|petrol|gasoline',
  hold: 'have|got|holding|hold|in my hand|in my hands|next to me|beside me|in front of me|with me|in my pocket|in my drawer|in my room|in my bag|under my pillow|ready|bought|collected|collecting|saved up|saving up|hid|hidden|hiding|stashed|stash|counted|laid out|tied|loaded|saved|stockpile|stockpiling|hoarding|lined up',
  handHold:
    'in my hand|in my hands|holding|in front of me|next to me|beside me|to my head|to my throat|around my neck|at my wrist|on my wrist|on my lap|to my wrist|against my|to my neck|in my mouth',
  handHold3: 'in his hand|in her hand|holding a|has a|got a|with a|waving a|carrying',
  swallow:
    'took|taken|take|taking|swallow|swallowed|swallowing|drank|drunk|drink|drinking|ate|eaten|chugged|downed|gulped|popped|ingested|consumed|licked|chewed|ate some|has eaten',
  lots: 'all|all of|whole|entire|a lot|lots|too many|bottle of|handful|full|twenty|thirty|forty|fifty|every|so many|double|ten|packet|box|bunch|everything i|the rest of|dont know how many|by mistake|by accident|accidentally|wrong',
  threaten:
    'threaten|threatens|threatened|threatening|threat|threats|blackmail|blackmails|blackmailing|blackmailed|swears|swore|vowed|warned me',
  revenge:
    'revenge|get back at|make him pay|make her pay|make them pay|teach him a lesson|teach her a lesson|destroy|blow up|bomb|bury him|finish him|finish her|snap his|smash his|smash her|deserve to die|deserves to die|wont get away|pay for what',
  rape: 'rape|raped|rapes|raping|forced himself|forces himself|forced me|forces me|assaulted|assault|molested|molests|molesting|sexually|sexual|against my will|drugged me',
  touch:
    'touch|touches|touched|touching|gropes|groped|groping|kisses me|undress|undressed|pictures of me|naked|secret game|our secret|comes into my room|comes to my bed|private parts|private part|down there|harass|harasses|harassed|harassing|harassment',
  lock: 'lock|locks|locked|locking|trapped|imprisoned|confined|captive|hostage|tied up|wont let me out|wont let me leave|not let me leave|not allowed to leave|cant leave|keeps me|holding me|hold me|locked up|locked inside|kidnapped',
  starve:
    'starve|starves|no food|doesnt feed|not fed|without food|neglect|neglected|deprived|dont feed|hasnt eaten|left alone for days',
  passport: 'passport|salary|wages|documents|my phone|id card',
  child:
    'child|children|kid|kids|baby|toddler|infant|newborn|son|daughter|boy|girl|little brother|little sister|nephew|niece|my student|grandson|granddaughter|year old|months old|teenager|teen',
  iAmChild:
    'im ten|im eleven|im twelve|im thirteen|im fourteen|im fifteen|im nine|im 9|im 10|im 11|im 12|im 13|im 14|im 15|i am ten|i am eleven|i am twelve|i am thirteen|i am 10|i am 11|i am 12|i am 13|i am 14|i am fourteen|years old|grade five|grade six|grade seven|grade 5|grade 6|grade 7|grade 8|mommy|daddy|my teacher',
  kin: 'husband|wife|brother|sister|father|mother|dad|mom|mum|uncle|aunt|cousin|grandfather|grandmother|stepfather|stepmother|stepdad|in laws|mother in law|ex|ex husband|fiance|parents|boyfriend|girlfriend|partner',
  friend:
    'friend|roommate|neighbour|neighbor|colleague|coworker|classmate|flatmate|maid|housemaid|student|a guy i know|a girl i know|someone i know|bestie|buddy',
  boss: 'boss|employer|sponsor|manager|madam|supervisor|owner|agency|landlord|teacher|coach',
  home: 'home|house|room|door|apartment|flat',
  atDoor:
    'at the door|breaking the door|outside the door|banging on the door|breaking down the door|in the house|in the room|in the next room|coming upstairs|coming for me|coming at me|hes here|he is here|shes here|downstairs|coming back|hes coming|he is coming|found me|outside my room|outside right now|kicking the door',
  hiding:
    'hiding|hide|hidden in|locked myself|in the bathroom|under the bed|in the closet|whispering|cant talk loud|he can hear|ran out|ran away|escaped',
  honour: 'honour|honor|shame the family|disgrace|honor killing|photos|pictures|videos|leak',
  beating: 'bruise|bruises|bruised|black eye|broken|blood|belt|stick|marks|scars|welts|swollen',
  voices:
    'voice|voices|jinn|demon|demons|satan|devil|devils|shaytan|the tv|the radio|angel|angels|spirit|spirits|entity|presence|chip|signals|messages',
  insideHead:
    'in my head|inside my head|in my ears|nobody else hears|no one else hears|inside me|from the walls|from the wall|only i can hear',
  possession:
    'possessed|cursed|black magic|evil eye|watching me|spying on me|following me|cameras|conspiracy|chosen one|prophet|poisoning my food|sihr|they are after me|theyre after me|tracking me',
  command:
    'tell me to|tells me to|telling me to|told me to|order me|orders me|ordering me|ordered me|command|commands|commanding|whisper|whispers|whispering|shouting at me to|want me to|wants me to|makes me|make me|saying do it|say do it|says do it|keep saying|says i must|say i must|demand|says to',
  hear: 'hear|hears|hearing|heard|listening to',
  see: 'see|sees|saw|seen|watch|watched|watching|read|reading',
  breathing: 'breathing|breathe|breath|breaths|breathless|blue|turned blue|pulse|gasping|wheezing',
  unconscious:
    'unconscious|passed out|fainted|not waking|wont wake|wont wake up|not responding|unresponsive|not moving|isnt moving|collapsed|limp|cant wake|doesnt wake|not awake|fell down and|foaming|foam|out cold|eyes rolled|went limp|no response',
  bleeding:
    'bleeding|bleeds|bled|blood everywhere|losing blood|lots of blood|so much blood|wont stop bleeding|blood wont stop|hemorrhage|deep cut|deep wound|blood is everywhere|pool of blood|blood keeps',
  seizure:
    'seizure|seizures|seizing|convulsing|convulsion|convulsions|fit|fits|shaking all over|epilepsy|epileptic|twitching',
  heart:
    'heart attack|stroke|chest pain|pain in my chest|pain in his chest|pain in her chest|chest hurts|chest is tight|crushing pain|left arm|face drooping|face is drooping|slurring|slurred|cant speak|one side|cardiac|half his face|half her face|numb on one side',
  emergencyBody:
    'choking|allergic|allergy|anaphylaxis|swelling|snake|snakebite|scorpion|electrocuted|electric shock|drowned|drowning|burned badly|accident|crashed|giving birth|in labour|in labor|low sugar|hypo|smoke|fell from|trapped under|head injury|throat is closing',
  ambulance: 'ambulance|emergency|hospital|9999|911|999|police|help me please|please hurry|hurry|send someone|quickly',
  panic:
    'panic|panic attack|panicking|anxiety|anxious|heart is racing|heart racing|heart is pounding|heart stops|feel like im dying|feel like i am dying|think im dying|going to die of|palpitations|scared of dying|afraid of dying|fear of death|afraid of death|scared to die|scared of death|afraid to die|dizzy|hyperventilating|cant breathe',
  fearCause: 'fear|scared|afraid|terrified|fright|frightened|worried',
  baby: 'baby|newborn|infant|my little one|postpartum|gave birth|after birth|months old|weeks old|crib|cot|breastfeeding',
  harmBaby:
    'drop the baby|drop him|drop her|smother|suffocate him|suffocate her|drown him|drown her|shake him|shake her|shook|throw him|throw her|hurt my baby|hurt the baby|harm my baby|harm the baby|pillow over|hurting my baby|hurting the baby|hurt him|hurt her|images of|stop crying|make him stop|make her stop|harming him|harming her',
  target:
    'him|her|them|my boss|my husband|my wife|my ex|my father|my brother|my manager|my neighbour|my neighbor|that man|that guy|that woman|my roommate|my sponsor|my teacher|my cousin|everyone here|everybody here|you all|my coworker|my colleague|my kids|my children|my mother|my dad|my uncle',
  selfHarm: 'self harm|selfharm|self harming|self injury|cutting again|started cutting|cutting every',
  help: 'help me|need help|what do i do|what should i do|how do i help|how can i help|how do i stop',
  lethality:
    'how many pills|how many tablets|how much would|how long does it take|does it hurt to die|is it painful|painless|painless way|easiest way|fastest way|quickest way|quick way|least painful|would it kill|would that kill|can it kill|enough to kill|kill you|kill a person|kill someone|lethal|fatal|deadly|survive a fall|survive jumping|how high|what happens if you take|what happens if i take|what if someone takes|what if i took|ways to die|way to die|ways to go',
  tell: 'says|said|say|saying|told|tell|tells|texted|wrote|messaged|posted|sent me',
};

/** English words that say nothing of themselves and show that Latin letters are English. */
export const commonEnglish =
  'the a an and or but so to of in on at for with from by about as is are was were be been being am has had have do does did i you he she it we they me him her us them my your his its our their this that these those there here what which who when where why how can could would should will shall may might must just only very really too also more most some any all no not dont im its thats ok okay yes yeah well like know think want go going get got make made take time day night week year home work school family friend people thing things something anything nothing everything everyone someone because then than now today if after before again still always never ever even much many good bad right please thank thanks hello hi sorry feel feeling need help talk call said say tell told see look come came back up down out over off into through between other another one two three last next new old long little big first us let put give keep find away around while since until though both each few own same such lot';
