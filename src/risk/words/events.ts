/** What happens around danger, in Arabic and English: signs that mean little by themselves and much together. */
export const events: Readonly<Record<string, string>> = {
  alone:
    'بروحي|لوحدي|وحدي|بروحه|بروحها|لوحده|لوحدها|ما حد معي|محد معي|ما حد في البيت|محد في البيت|البيت فاضي|ما حد وياي|ما في حد|بوحدي|لحالي|متوحد|alone|by myself|nobody home|no one home|nobody is home|house is empty|no one is with me|nobody with me|on my own|by himself|by herself',
  asleep:
    'راقدين|نايمين|كلهم نايمين|كلهم راقدين|راقد|راقدة|نايم|نايمة|everyone is asleep|everybody is asleep|they are asleep|all asleep|theyre sleeping|everyone is sleeping|hes asleep|shes asleep|hes sleeping',
  phoneOff:
    'سكر تلفونه|سكرت تلفونها|قفل تلفونه|قفلت تلفونها|تلفونه مقفل|تلفونها مقفل|تلفونه مسكر|تلفونها مسكر|تلفونه مغلق|ما يرد علي|ما ترد علي|ما يرد|ما ترد|ما ترد علينا|ما حد يرد|phone is off|phone off|switched off|not answering|not picking up|wont pick up|wont answer|no answer|stopped answering|stopped replying',
  missing:
    'ضايع|ضايعة|مفقود|مفقودة|ما لقيناه|ما لقيناها|ما نعرف وينه|ما نعرف وينها|طلع وما رجع|طلعت وما رجعت|اختفي ولدي|اختفت بنتي|ما رد البيت|ما رجع البيت|missing|cant find him|cant find her|cannot find him|cannot find her|didnt come home|did not come home|hasnt come back|lost my son|lost my daughter',
  shutIn:
    'سكرت علي نفسها|سكر علي نفسه|قفل علي نفسه|قفلت علي نفسها|قافل علي نفسه|قافلة علي نفسها|متصكر|متصكرة|متصكرين|صكيت الباب|قفلت الباب|سكرت الباب|الباب مقفول|الباب مقفل|الباب مسكر|الباب متصكر|سكرت الدرايش|مسكرة|مسكر|قافل الباب|قافلة الباب|قفلت علي نفسي|سكرت علي نفسي|locked himself|locked herself|locked the door|door is locked|closed the windows|bolted the door',
  effect:
    'بدت تشتغل|بدا مفعول|احس بردان|احس بردانة|احس بدوخة|دايخ|دايخة|ادوخ|بطني يعورني|بطني يحرقني|حلقي يحرقني|يحرق حلقي|اذني تصفر|عيوني تسكر|عيوني تثقل|لساني ثقيل|كلامي ثقيل|الكلام يطلع ثقيل|جسمي ثقيل|راسي يدور|احس برودة|خدران|تخدر|مخدر|ايدي ترجف|ماسك بطني|يتقيا|تتقيا|غثيان|نعسان|نعسانة|dizzy|drowsy|slurring|ears are ringing|ears ring|ringing|feel cold|going numb|getting sleepy|so sleepy|stomach is burning|throat is burning|everything is spinning|blurry|vision|kicking in|starting to work|taking effect|heavy|tingling|fading|losing consciousness|shaking',
  fumes:
    'المكينة شغالة|السيارة شغالة|دخان السيارة|الغاز مفتوح|فتحت الغاز|فاتح الغاز|فاتحة الغاز|ريحة غاز|الاكزوز|كراج|الكراج|فحم|engine running|engine is running|engine is on|garage|gas is on|opened the gas|turned on the gas|exhaust|hose|charcoal|fumes',
  runOver:
    'تدعمني|تدهسني|تدعسني|دعمني|يدعمني|يدهسني|تصدمني|شاحنة تدعمني|قدام الشاحنة|قدام السيارات|بين السيارات|قدام القطار|تحت الشاحنة|تحت القطار|الشارع السريع|الطريق السريع|run me over|hit me with a truck|in front of a truck|in front of a train|in front of a car|in front of the train|into traffic|next car|next truck|lying on the road|under the train|under a truck|oncoming traffic|off the cliff|into a wall|into the wall|into a pole',
  joinDead:
    'بقابل ربي|اقابل ربي|القي ربي|بلقي ربي|عند امي الميتة|عند ابوي المرحوم|عند ربي|عند رب كريم|الحقها|الحقه|بلحقها|بلحقه|بلحقهم|الحق عليه|جاي لك يا|جايتك يا|اكون وياها في القبر|وياي للقبر|لحقيني|بنلتقي فوق|نلتقي في الجنة|اشوفه في الجنة|اشوفها في الجنة|بروح لعندها|انام جنبه في القبر|انام جنبها|meet my lord|meet god|meet allah|meet my maker|join him|join her|join them|be with my mother|be with my father|be with my mom|be with my dad|be with my son|be with my wife|see him again|see her again|other side|see you in heaven|meet in heaven|in paradise with',
  ending:
    'النهاية|نهايتي|اخر المشوار|نهاية الطريق|نهاية المشوار|اطفي النور|اطفي الليت|بطفي الليت|للابد|الي الابد|نومة طويلة|النومة الطويلة|راحة ابدية|الراحة الابدية|مرة وحدة وارتاح|وافتك|وارتاح|وبس|وخلاص|كل شي بينتهي|كل شي ينتهي|بينتهي كل شي|تنتهي السالفة|تنتهي القصة|خلصت القصة|end of the road|final chapter|curtain|forever|for good|once and for all|everything will end|all will end|lights out|long journey|last stop|no tomorrow|no return|wont come back|not coming back',
  secret:
    'لا تخبر حد|لا تخبرين حد|لا تخبر احد|لا تقول لحد|لا تقولين لحد|لا تقول لامك|لا تقولين لامك|لا تقول حق ماما|لا تخبرون|سر بيننا|سرنا|لا تعلم حد|dont tell anyone|dont tell anybody|do not tell anyone|dont tell mom|dont tell my|our secret|keep it secret|keep this secret|dont tell mama|not to tell',
  noPolice:
    'لا تتصل بالشرطة|لا تتصلون|لا تتصل|لا تطرشون|لا تطرش حد|لا يجي حد|ما ابا حد يجيني|ما ابا اسعاف|لا تجيبون الشرطة|لو جوا|قبل لا يوصلون|قبل ما يوصلون|ما بتلحقون|ما تلحقون|ما بتلحق|dont call the police|dont send anyone|dont send anybody|dont call anyone|dont come|if they come|too late|you cant stop me|nobody can stop me|no one can stop me|dont try to stop|before anyone comes',
  tools:
    'مطرقة|طابوقة|حديدة|حديد|مطواة|سيف|السيف|عصا|سيخ|مفك|فاس|منشار|خشبة|طوبة|حجر|حجرة كبيرة|بترول|البترول|قنبلة|متفجرات|ماي حار|زيت حار|مكواة|سيجارة|خيزرانة|سلك|hammer|iron rod|iron|brick|bat|rod|stone|rock|sword|petrol|bomb|explosive|explosives|boiling water|hot water|hot oil|cigarette|cable|wire|hose|pipe|chain',
  honourKill:
    'غسل العار|نغسل العار|يغسلون العار|سودت وجهنا|سود وجهنا|فضحتنا|لطخت سمعتنا|جابت لنا العار|دمها حلال|دمه حلال|ما بيعيش|ما بتعيش|لازم يموت|لازم تموت|اخر يوم في حياته|يومه قريب|يومك قريب|بيندم|بخليه يندم|بكسر راسه|اكسر راسه|بكسر ضلوعه|بدفنه|ادفنه|بشرب من دمه|دمه علي يدي|واحد فينا بيموت|يا انا يا هو|shamed us|blood is on|has to die|must die|needs to die|wont live|only one of us|his last day|her last day|he will regret|theyll regret|break his|bury him|spill his blood|blood on my hands|six feet under',
  aftermath:
    'ما يتحرك|ما تتحرك|طايح قدامي|طايحة قدامي|ما يصحي|سكت فجاة|سكت وما|ما ادري شو سويت|ما ادري وش سويت|شو سويت|دزيته|دزيتها|طعنته|طعنتها|ضربته علي راسه|قتلته|قتلتها|خلصت منه|خلصت عليه|isnt moving|not moving|wont move|what have i done|i pushed him|i pushed her|i stabbed him|i stabbed her|i killed him|i killed her|lying there|on the floor',
  breakIn:
    'يكسر الباب|يكسرون الباب|كسر الباب|يطق الباب|يدق الباب|يدزع الباب|يركل الباب|يحاول يدخل|يحاول يفتح الباب|عند الباب|علي الباب|تحت البيت|وصل البيت|وصل تحت|طالع الدرج|جاي صوبي|جاي علي|يلحقني|يركض وراي|ورانا|يدورني|يدور علي|رجع البيت|رد البيت|صوته قريب|سمعت سيارته|سمعت صوته|breaking the door|break the door|kicking the door|banging|he found me|hes outside|he is outside|outside my door|hes downstairs|coming up|hes back|he is back|chasing me|running after me|following me|they found me',
  scalded:
    'صب علي|كب علي|كواني|كوتني|يكويني|حرقني بالسيجارة|بالسيجارة|ماي مغلي|زيت حار|بالمكواة|علقني|جرني|جرتني|سحلني|من شعري|شد شعري|poured|boiling|cigarette burns|with the iron|by my hair|pulled my hair|dragged me|hung me',
  tied: 'ربطني|رابطني|رابطيني|ربطوني|مربوط|مربوطة|سلسلة|سلسلوني|مقيد|مقيدة|قيدوني|كلبش|محبوس|محبوسة|محبوسين|حابسيني|حابسني|مقفول علينا|قافلين علي|ما يخلوني اطلع|ما يخليني اطلع|ما تخليني اطلع|ممنوع اطلع|ما اقدر اطلع|ما اقدر اهرب|tied up|tied me|chained|handcuffed|cant get out|cannot get out|not allowed out|wont let me go|cant escape|guards',
  forcedMarriage:
    'يزوجوني|يزوجوها|زوجوني|زوجوها|بالغصب|غصب عني|غصبا عني|غصب|العرس بالغصب|يجبروني|مجبورة|اتزوجه|عرسوا|force me to marry|forced marriage|marry me off|marrying me off|forcing me|forced to marry|married off|against my will',
  grooming:
    'صور بدون ثياب|بدون ثياب|بدون ملابس|من غير ملابس|صوري|يطلب صور|يطلب مني صور|طلب صور|ابعثي صورة|الكاميرا|يصورني|صورني|مقطع|يدفع لي|هدايا|يعطيني هدايا|ينام معي|ينام جنبي|يرقد معي|يدخل حجرتي|يدخل علي بالليل|يدخل غرفتي|شي عيب|اشياء عيب|حركات عيب|مكان عيب|مكان خاص|ملابسي|ثيابي|يفصخ|يفسخ|يبوسني|يحضني|يحط ايده|يمد ايده|send pictures|send pics|nude|nudes|without clothes|bad photos|bad things|bad touch|my clothes|takes off|undresses|sleeps with me|sleeps next to me|comes at night|comes in my room|enters my room|hugs me too|kisses me|puts his hand|under my|private',
  noFood:
    'ما يعطوني اكل|ما يعطيني اكل|ما يعطونا اكل|بدون اكل|ما اكلت من|جوعانة|جوعان|محرومة من الاكل|ما فيه اكل|ما يأكلون|no food for|dont give me food|doesnt give me food|not giving me food|hungry for|havent eaten in|no water|sleep on the floor|no rest|no salary',
  faceDroop:
    'وجهه مايل|وجهها مايل|حلقه مايل|فمه مايل|ما يتكلم فجاة|فجاة ما يتكلم|ما يقدر يرفع ايده|نص جسمه|نصه ما يتحرك|يخربط في الكلام|كلامه مو مفهوم|لسانه خدران|face is crooked|face is drooping|mouth is crooked|cant lift his arm|cant lift her arm|speech is slurred|cant move his|cant move her|suddenly cant speak|doesnt make sense',
  labour:
    'تولد|الطلق|طلق|الماي نزل|نزل الماي|راس البيبي|حامل|الحبل السري|نزيف|حملي|شهري التاسع|in labour|in labor|water broke|contractions|cord|pregnant|miscarriage|baby is coming|head is out',
  injury:
    'راسه مفتوح|راسي مفتوح|فتح راسه|مكسور العظم|العظم طالع|انقطع اصبعه|مقطوع|انكهرب|كهربته|كهربا|صعقته|محروق|احترق|يحترق|حريق|الحريق|النار في|دخان|غرق|غرقت|يغرق|تغرق|انغص|غص|شرق بلقمة|يختنق|لدغته|لدغه|لسعته|حية|عقرب|طاح من|طاحت من|سقط من|سقطت من|حادث|انقلبت|منقلبة|محصور|ضربة شمس|حرارة اربعين|ما ينزل حرارته|تسمم|متسمم|متسممة|ينتفخ|منتفخ|bleeding from the head|open fracture|bone is|cut off his|electrocuted|shocked|burning|fire in|house is on fire|smoke|drowned|drowning|choking on|choking|bitten|bite|stung|sting|fell from|fell off|fell down the|accident|overturned|trapped|heatstroke|heat stroke|fever of|poisoned|poisoning|swelling|swollen',
  swallowedThing:
    'بطارية|البطارية|مغناطيس|عملة|بيسة|قطعة معدن|لعبة صغيرة|زجاج|صابون|شامبو|عطر|مزيل|اسيتون|ديزل|بترول|مادة|كلور|دوا جدته|حبوب جدته|حبوب جده|حبوب ابوه|حبوب امه|دوا الضغط|دوا السكر|battery|magnet|coin|soap|shampoo|perfume|acetone|diesel|dishwasher|grandmas pills|grandmothers pills|grandpas pills|mothers pills|cleaning liquid|floor cleaner|nail polish remover',
  imposter:
    'مو زوجتي|مو امي|مو ولدي|مو بنتي|مب زوجتي|مب امي|مب ولدي|مب بنتي|نسخة|بدلوها|بدلوه|شبيهة|متنكر|جني في جسم|شيطان في جسم|ليس ابني|مش ابني|not my wife|not my mother|not my son|not my baby|not my husband|a copy|imposter|impostor|replaced|double|clone|evil baby|devil baby|demon child',
  mission:
    'قربان|اضحي به|اضحي بها|اضحي بولدي|تطهير|اتطهر|تتطهر|اطهر|مهمة من|امر من الله|امرني الله|ربي امرني|ربي قال لي|الملايكة قالت|الملايكة تقول|الملائكة|وحي|علامة من|مختار|المختار|انا المهدي|المسيح|نبي|طير|اطير|يطير|sacrifice|cleanse|purify|mission|god told me|allah told me|angels told|angels say|angels ordered|chosen|messiah|prophet|i can fly|fly from',
  offMeds:
    'وقف علاجه|وقفت علاجها|وقفت علاجي|ترك الدوا|ما ياخذ علاجه|ما تاخذ علاجها|قطع العلاج|قطعت العلاج|رميت الدوا|رمي علاجه|ما راح اخذ علاج|ما باخذ|stopped his medicine|stopped her medicine|stopped my medicine|stopped taking|off his meds|off her meds|off my meds|refuse treatment|refusing treatment|not taking my|skipping dialysis|skip dialysis',
  hoard:
    'احوش|بحوش|محوش|اجمع|اجمعهن|جمعت|مجمع|مخبي|مخبية|مخبيتهن|خبيت|خبيتهم|خبات|اخبي|حافظ|حفظته|محتفظ|محتفظة|ضامة|دسيت|داس|شريت|اشتريت|شاري|طلبت من النت|وصلني|جربت|قست|قست الحبل|تدربت|بروفة|stocked|stocking|keeping for|kept for|saving for|saved for|bought a rope|ordered online|bought it|practised|practiced|rehearsed|tested it|tried it on|measured|visited the place|went to see the place',
  triedBefore:
    'المرة اللي فاتت|المرة الاولي|المرة الماضية|حاولت قبل|محاولتي|محاولة|محاولات|انقذوني|لحقوا علي|لحقوني|غسلوا معدتي|غسيل معدة|العناية|طلعوني|خيطوها|خيطوا ايدي|انقطع الحبل|الحبل انقطع|ما نفع|ما ضبطت|ما نجحت|last attempt|previous attempt|my attempt|they saved me|they found me in time|pumped my stomach|stitched|rope broke|rope snapped|didnt work|try again|failed last time|icu|hospitalised|hospitalized',
  askWay:
    'كيف اموت|كيف الواحد يموت|طريقة اموت|شي يموتني|شي يقتل|ايش يقتل|شو يقتل|وش يقتل|ما يعور|بدون ما احس|بدون وجع|بدون الم|ما يوجع|بسرعة وبدون|how to die|how do i die|ways to die|something to kill|what kills|without pain|painless|quick and|wont hurt|wont feel',
  deserve:
    'استاهل الموت|ما استاهل اعيش|ما استحق الحياة|ما استحق اعيش|استحق الموت|لازم اموت|لازم انتهي|لازم اختفي|مكاني القبر|مكاني تحت التراب|تحت التراب|التراب ارحم|القبر ارحم|القبر احن|الموت ارحم|الموت اهون|الموت راحة|الموت احسن|موتي احسن|موتي ارحم|موتي راحة|deserve to die|dont deserve to live|should be dead|should have died|belong in the ground|death is better|death would be|rather be dead|rather die|better dead|should just die|want it to be over|want everything to stop|want it all to stop',
  envyDead:
    'احسد الاموات|احسد الميتين|احسده صاحبها|اللي ماتوا ارتاحوا|ارتاحوا اللي ماتوا|يا بختهم|يا حظه مات|نيالهم|انتظر دوري|متي دوري|دوري متي|متي يجي يومي|متي يومي|انتظر الموت|انتظر يومي|منتظر الموت|envy the dead|lucky ones are dead|waiting to die|waiting for my turn|waiting for death|jealous of the dead|when is my turn',
  passiveAccident:
    'عسي شاحنة|عسي سيارة|لو حادث|حادث ياخذني|يصيبني شي|مرض يخلصني|عسي مرض|سرطان يخلصني|ما اربط الحزام|ما احط حزام|ما يهمني اعيش|ما يهمني اموت|ما تفرق معي اعيش|عادي لو مت|عادي اموت|hope a truck|hope a car|hope i get hit|if a car hit me|wouldnt mind if|wouldnt mind dying|dont care if i die|dont care if i live|hope i get cancer|hope something happens|if i crashed|wouldnt care if i died',
  gradualGoodbye:
    'عطيت|عطت|اعطاني ساعته|عطتني ذهبها|عطاني|وزعت|وزع|وهبت|سويت وكالة|كتبت البيت باسم|حولت الفلوس|بعت اغراضي|مسحت حساباتي|مسحت صوري|حذفت حساباتي|قفلت حساباتي|الارقام السرية|كلمة السر|سلمت العهدة|باستنا كلنا|حضن عياله|حضنت عيالي|بست عيالي|صورت معهم|deleted my accounts|deleted everything|gave my|gave him my|gave her my|gave away my|transferred my money|hugged everyone|kissed my kids|kissed the kids|put the house in|made my will|left the keys|left my keys|rehomed my|wrote down my passwords',
};
