/**
 * The levels and the rules for labelling, word for word as in docs/risk-levels.md, so that a model is told what people are told; a test
 * compares them.
 */
export const levelGuide = `# Levels: they say what has to happen, not how sad somebody is
- none (an ordinary conversation): everyday matters, idioms ("ميت من الضحك"), prayers and condolences, grief without a wish to die, fear of death or illness, work and news without a link to the speaker.
- low (listen, keep in mind): distress, exhaustion, hopelessness without a wish to be dead; the topic named without present risk: a sincere denial, a remote resolved past ("ten years ago, I am well now"), a bereavement by suicide, a film or news told as such.
- moderate (ask directly, in plain words, this turn or the next): a wish to be dead, to sleep and not wake up, to be taken, never to have been born; being a burden, "they would be better off without me"; euphemism and hints ("one solution left", "soon you will not have to worry about me"); farewells with a strange calm, giving things away; self-injury without wish to die and not bleeding badly now; an attempt longer than three months ago; thoughts that come and frighten, "in case" plans; somebody else with such signs; violence or abuse at home without danger to life now; questions about lethality.
- high (a human now): thoughts of killing oneself, a method, intention, a plan without a time, an attempt or preparation within three months; somebody else who says so; intention to hurt a particular person; a threat to life; rape; a child who is hit, touched or neglected; somebody locked up or held; voices that command to hurt oneself or others; a mother with images of harming her baby and wanting or fearing to act.
- imminent (a human now and emergency guidance in the same turn): intention or plan for now, today, tonight, tomorrow; means in the hand or within reach together with intent; on the roof, at the edge; an attempt under way or just made; overdose or poisoning (also by mistake, also a child's); a medical emergency (not breathing, unconscious, bleeding badly, chest pain with collapse, a fit); a violent person in the room or at the door now; intent to kill somebody now; a note or will written and the time come.

# Rules
1. **Subject.** Another person in danger (a son, a friend, "a friend of mine" who may be the caller) has the level of what is said about them.
2. **Time.** Recent is three months. A past attempt that is remote and over is moderate when it is told as something that still weighs or returns, low when it is told as over and treated. "Now, today, tonight, tomorrow" makes an active intention imminent.
3. **Negation.** A plain denial is low ("I don't think of killing myself"). A denial that covers something else does not lower: "I won't do it today", "nobody can stop me", "not that I tell anybody, but I want to kill myself". Double negations and rhetorical questions ("ليش ما أموت وأرتاح؟") are wishes.
4. **Quotation and media.** What somebody else said, a film, a lesson, a song, a game, news: none or low, unless the speaker stands behind it.
5. **Religion.** Prayers, condolence, sermon: none. A prayer for one's own death: moderate. Rites of preparing one's own death, or asking whether God forgives who does it, in the first person: high.
6. **Idiom.** Hyperbole for hunger, laughter, heat, work, liking, football: none. The same words with a known victim, place or weapon: literal.
7. **Hypothetical.** A harmless "if": none or low. A condition with a date ("if they fail me on Sunday I end it"): high.
8. **Fear.** Panic ("I feel I am dying", "my heart stops") is fear and not a wish: low, unless bodily signs make it an emergency.
9. **Answers.** A bare yes or no has the level of what it admits to, given Sanad's own question.
10. When two levels fit, take the higher one.`;
