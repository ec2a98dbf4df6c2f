/** What ordinary talk is about, in Arabic and English: the neighbours of dangerous words that make them harmless. */
export const everyday: Readonly<Record<string, string>> = {
  food: 'اكل|الاكل|غدا|الغدا|عشا|العشا|فطور|الفطور|سحور|عيش|رز|سمك|لحم|دجاج|خبز|بيض|جبن|كيك|الكيكة|كيكة|حلويات|شوكولاته|شوكولاتة|سمبوسة|هريس|عرسية|شوا|مشاكيك|برياني|كبسة|مرق|طماط|بصل|فلفل|بهارات|تمر|قهوة|شاي|كرك|عصير|لبن|حليب|بطيخ|مانجو|موز|ملح|سكر|طبخ|المطبخ|طباخة|وصفة|مطعم|المطعم|صحن|قدر|صينية|بيتزا|برجر|اندومي|ثلاجة|food|lunch|dinner|breakfast|rice|fish|chicken|meat|bread|eggs|cheese|cake|chocolate|coffee|tea|juice|milk|pizza|burger|kitchen|recipe|restaurant|cook|cooking|oven|onions|onion|spicy|salad|soup|dessert|snack|biryani|dates|mango',
  feast:
    'ذبيحة|الذبيحة|ذبايح|خروف|الخروف|غنم|الغنم|هوش|تيس|بقرة|ثور|ثورين|عيد الاضحي|الاضحي|الاضحية|اضحية|قصاب|القصاب|المسلخ|الملحمة|بعير|جمل|ناقة|عقيقة|وليمة|sheep|goat|goats|eid|sacrifice sheep|butcher|slaughterhouse|camel|cow|feast',
  sport:
    'مباراة|المباراة|كورة|الكورة|كرة|فريق|الفريق|هدف|ملعب|الملعب|لاعب|الدوري|المنتخب|تمرين|التمرين|تمارين|جيم|الجيم|النادي|سباحة|اسبح|يسبح|جري|سباق|هجن|خيل|دراجة|match|goal|team|football|cricket|gym|workout|training|coach|swim|swimming|running|race|cycling|league|striker|keeper|tournament|penalty',
  hunt: 'صيد|الصيد|صيد السمك|قنص|نصيد|صدنا|طيور|ظبي|ظبيين|رماية|الشارة|حداق|شبك|سنارة|رزحة|يرزفون|عرضة|hunting|fishing|shooting range|target practice|birds|net|hook and line',
  play: 'لعبة|العب|نلعب|يلعب|تلعب|بلايستيشن|ببجي|فورتنايت|الجيم|السيرفر|لفل|قيم|ماينكرافت|روبلوكس|كاراوكي|يتخيل|خيال|دمية|لعب|تمثيل|game|games|play|playing|player|playstation|xbox|minecraft|roblox|server|level|boss|lobby|round|imaginary|toy|toys|pretend',
  school:
    'مدرسة|المدرسة|جامعة|الجامعة|كلية|الكلية|امتحان|الامتحان|امتحانات|اختبار|الاختبار|درجات|درجاتي|معدل|معدلي|واجب|واجبات|مشروع|تخرج|التخرج|مذاكرة|اذاكر|يذاكر|دكتور المادة|استاذ|كورس|فاينل|ميدتيرم|كويز|بعثة|رسبت|نجحت|school|university|college|exam|exams|grades|gpa|homework|assignment|project|graduation|studying|study|quiz|final|midterm|presentation|thesis|failed|passed|lecture|professor',
  job: 'شغل|الشغل|دوام|الدوام|وظيفة|الوظيفة|راتب|الراتب|مدير|المدير|اجتماع|الاجتماع|شركة|الشركة|موظف|تقاعد|ترقية|اجازة|الاجازة|استقالة|مقابلة|تقرير|عميل|زبون|مكتب|المكتب|وردية|نوبة|دورة|job|office|meeting|meetings|manager|promotion|salary|interview|client|customer|report|shift|resign|vacation|leave|retire|retirement|deadline|project|quarter|launch|presentation|colleagues|team lead|email',
  money:
    'فلوس|ريال|بيسة|قرض|القرض|ديون|دين|بنك|البنك|شيك|الشيك|شيكات|فاتورة|الفاتورة|ايجار|الايجار|قسط|اقساط|اشتري|سوق|السوق|مول|المول|تخفيضات|سعر|الاسعار|غالي|رخيص|تحويل|بطاقة|money|rial|rials|loan|debt|bank|cheque|cheques|bill|bills|rent|instalment|shopping|mall|sale|price|prices|expensive|cheap|transfer|card|cash',
  travel:
    'سفر|السفر|سافر|رحلة|الرحلة|مطار|المطار|طيارة|الطيارة|تذكرة|فندق|صلالة|دبي|الهند|تركيا|عمرة|حج|كشتة|الكشتة|تخييم|نخيم|بر|شاطي|الخريف|اجازة|جواز|فيزا|trip|travel|flight|airport|ticket|hotel|salalah|dubai|india|camping|hiking|holiday|vacation|visa|tour|picnic|sunset|view',
  weather:
    'مطر|المطر|حر|الحر|برد|رطوبة|غيم|مغيم|مغيمة|شمس|غبار|ريح|اعصار|منخفض|الجو|rain|hot|cold|humidity|cloudy|sun|sunny|dust|storm|cyclone|weather|windy',
  family:
    'عرس|العرس|زواج|الزواج|خطبة|ملكة|مولود|عزيمة|زيارة|جمعة|بيت جدي|بيت عمي|عيد|العيد|رمضان|حفلة|هدية|هدايا|عيد ميلاد|ميلاد|wedding|engagement|party|birthday|gift|gifts|visit|guests|anniversary|ramadan|gathering|shower',
  animals:
    'قطة|القطة|قطو|سنور|كلب|الكلب|دياي|دجاجة|حمار|طير|حمام|نملة|صراصير|صرصور|نمل|ذبان|بعوض|فار|فيران|حشرات|زرع|الزرع|النخل|نخلة|مزرعة|المزرعة|cat|kitten|dog|puppy|chicken|bird|fish tank|hamster|ants|cockroach|cockroaches|mosquito|flies|rats|mice|plants|palm|farm|garden|insects|bugs',
  tech: 'تلفون|التلفون|شحن|الشاحن|بطارية التلفون|لابتوب|اللابتوب|كمبيوتر|نت|النت|واي فاي|تطبيق|التطبيق|برنامج|موقع|حساب|باسوورد|رسالة صوتية|فيديو|كاميرا|شاشة|سماعة|phone|charger|laptop|computer|internet|wifi|app|website|account|password|voice note|video|screen|headphones|program|process|processes|code|bug|build|server|printer|update|download',
  fixing:
    'صيانة|سباك|كهربائي|مكيف|المكيف|غسالة|الغسالة|سخان|حنفية|مواسير|صبغ|اصبغ|نجار|سلم|درج|دهان|بلاط|شغالة البيت|تنظيف|انظف|غسيل|ملابس|كوي|مسامير|عدة|plumber|electrician|ac|washing machine|heater|tap|pipes|paint|painting|carpenter|ladder|cleaning|clean|laundry|ironing|nails|tools|maintenance|mechanic|repair|fix|tyre|garage appointment',
  care: 'موعد|الموعد|مراجعة|عيادة|العيادة|المركز الصحي|دكتور الاسنان|فحص|تحليل|تطعيم|وصفة طبية|بعد الاكل|قبل الاكل|مرتين في اليوم|حبوب الحساسية|حبوب الضغط|حبوب الحديد|فيتامين|فيتامينات|صداع|زكام|كحة|حرارة|مغص|ضرس|نظارة|ريجيم|حمية|appointment|clinic|dentist|checkup|check up|blood test|vaccine|vaccination|prescription|after meals|twice a day|allergy pills|iron tablets|vitamins|vitamin|headache|flu|cough|toothache|glasses|diet|calories|doctor said|side effects',
  laugh:
    'هه|ههه|هههه|هههههه|خخخ|ضحك|اضحك|نضحك|نكتة|مزح|امزح|نمزح|يمزح|دلع|haha|hahaha|lol|lmao|joke|joking|kidding|funny|hilarious|jk|hehe',
  'laugh.aloud': 'ه|هه|ههههه|خخ|haha|hahaha|ha ha|lol|lmao|hehe|هاها|joking|kidding|امزح|نمزح|يمزح|تمزح',
  pleasant:
    'حلو|حلوة|جميل|جميلة|يجنن|يجنن|روعة|عجبني|احب|احبه|احبها|وناسة|فرحان|فرحانة|مبسوط|مبسوطة|مستانس|مستانسة|مرتاح نفسيا|الحمدلله|الحمد لله|ما شاء الله|بخير|تمام|زين|زينة|طيب|طيبة|nice|beautiful|lovely|amazing|great|wonderful|happy|glad|excited|love it|loved it|fun|enjoy|enjoyed|fine|good|okay|thankful|alhamdulillah|hamdulillah',
  greeting:
    'السلام عليكم|وعليكم السلام|هلا|هلا والله|مرحبا|صباح الخير|مساء الخير|مساك الله|كيف حالك|كيف حالش|شخبارك|علومك|شلونك|حياك|الله يسلمك|مع السلامة|تصبح علي خير|في امان الله|شكرا|مشكور|مشكورة|يعطيك العافية|hello|hi|good morning|good evening|how are you|salam|assalamu alaikum|thank you|thanks|bye|good night|see you|take care',
  aboutSanad:
    'انت منو|منو انت|من انت|انت روبوت|انت انسان|انت آلة|ذكاء اصطناعي|وش تسوي|شو تسوي انت|كيف تشتغل|هالرقم|هالخط|الخط هذا|تسجلون|تسجل المكالمة|سند|are you a robot|are you human|are you real|who are you|what are you|ai|this line|this number|recording|record this call|is it free|confidential',
  chores:
    'اروح السوق|اودي|اوصل العيال|اجيب|الباص|سواقة|ليسن|الليسن|رخصة|مرور|مخالفة|موقف|زحمة|بترول المحطة|غسيل السيارة|تاير|bus|license|driving test|parking ticket|fine|traffic jam|petrol station|car wash|groceries|errands',
  routine:
    'دايما|دايم|كل سنة|كل اسبوع|كل جمعة|عادي|عادة|مثل العادة|روتين|usually|always|every week|every friday|as usual|normally|routine|weekly',
  grief:
    'الله يرحمه|الله يرحمها|المرحوم|المرحومة|العزا|عزا|فقدت|فقدنا|توفي|توفت|توفيت|وفاته|وفاتها|اشتقت|اشتاق|ذكراه|ذكراها|قبره|قبرها|زرت القبر|passed away|late father|late mother|late husband|lost my father|lost my mother|lost my husband|miss him|miss her|his grave|her grave|funeral|mourning|grieving|anniversary of',
  illnessFear:
    'سرطان|السرطان|ورم|خايف يكون|خايفة يكون|اخاف يكون|تحاليل|نتيجة التحليل|عملية|العملية|مرض القلب|كورونا|cancer|tumour|tumor|test results|results of|surgery|operation|biopsy|scan',
};
