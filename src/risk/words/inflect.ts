/**
 * Persons, tenses and objects of Arabic verbs, read off a word rather than listed: a hundred thousand forms would have to be kept.
 * Marks are such as `kill`, `kill.1` (I, we), `kill.3` (he, she, they; also you, which looks alike), `kill.past`, `kill.me`,
 * `kill.him`. Spelt as src/text/normalise.ts.
 */
export interface VerbStems {
  /** Marks of a form of one of the verbs; empty when it is none. */
  readonly marksOf: (word: string) => readonly string[];
  /** The commonest forms, for finding them in other letters. */
  readonly commonForms: () => readonly string[];
}

/** Omani and Gulf ب and با, standard س, Egyptian ه and ح with ب, Levantine ب, Maghrebi ن and غن. */
const firstPersonPrefixes = ['ا', 'با', 'ب', 'سا', 'حا', 'ها', 'ه', 'ن', 'بن', 'سن', 'من', 'غن', 'لا'];
const thirdPersonPrefixes = [
  'ي',
  'بي',
  'سي',
  'حي',
  'هي',
  'عي',
  'مي',
  'لي',
  'غي',
  'ت',
  'بت',
  'ست',
  'حت',
  'هت',
  'غت',
  'دي',
  'كي',
  'كت',
];
const endings = ['', 'و', 'وا', 'ون', 'ي', 'ين', 'ن'];
const objects: readonly (readonly [string, string])[] = [
  ['', ''],
  ['ني', 'me'],
  ['نا', 'me'],
  ['ك', 'you'],
  ['ش', 'you'],
  ['كم', 'you'],
  ['ه', 'him'],
  ['ها', 'him'],
  ['هم', 'him'],
  ['هن', 'him'],
  ['و', 'him'],
  ['ن', 'him'],
];

/** `verbs` by concept, each as `imperfect past-he past-I`, a dash where there is none. */
export function readStems(verbs: Readonly<Record<string, readonly string[]>>): VerbStems {
  const imperfect = new Map<string, string[]>();
  const he = new Map<string, string[]>();
  const i = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, stem: string, concept: string) => {
    if (stem === '' || stem === '-') return;
    const known = map.get(stem) ?? [];
    if (!known.includes(concept)) map.set(stem, [...known, concept]);
  };
  for (const [concept, list] of Object.entries(verbs))
    for (const stems of list) {
      const [present = '-', pastHe = '-', pastI = '-'] = stems.split(' ');
      put(imperfect, present, concept);
      put(he, pastHe, concept);
      put(i, pastI, concept);
      // `ينهي` + `ون` is `ينهون`; `رمى` + `ني` is `رماني`; `رمت`, `رموا`.
      if (/[يا]$/.test(present) && present.length > 2) put(imperfect, present.slice(0, -1), concept);
      if (pastHe.endsWith('ي')) put(he, `${pastHe.slice(0, -1)}ا`, concept);
      if (/[يا]$/.test(pastHe) && pastHe.length > 2) put(he, pastHe.slice(0, -1), concept);
    }
  return {
    marksOf: (word) => [...imperfectMarks(word, imperfect), ...pastMarks(word, he, i)],
    commonForms: () => [
      ...[...imperfect.keys()].flatMap((stem) =>
        ['ا', 'ب', 'با', 'ي', 'ت', 'بي', 'بت'].flatMap((prefix) => [
          prefix + stem,
          `${prefix}${stem}ني`,
          `${prefix}${stem}ه`,
        ]),
      ),
      ...[...he.keys()].flatMap((stem) => [stem, `${stem}ت`, `${stem}ني`, `${stem}وا`]),
      ...i.keys(),
    ],
  };
}

function imperfectMarks(word: string, stems: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const marks: string[] = [];
  for (const [stem, object] of withoutObject(word))
    for (const ending of endings) {
      if (!stem.endsWith(ending)) continue;
      const bare = stem.slice(0, stem.length - ending.length);
      if (ending === '' || ending === 'ن') marks.push(...marksWith(bare, firstPersonPrefixes, '1', object, stems));
      marks.push(...marksWith(bare, thirdPersonPrefixes, '3', object, stems));
    }
  return marks;
}

function marksWith(
  word: string,
  prefixes: readonly string[],
  person: string,
  object: string,
  stems: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return prefixes.flatMap((prefix) => {
    const concepts = word.startsWith(prefix) ? stems.get(word.slice(prefix.length)) : undefined;
    return concepts?.flatMap((concept) => marksAs(concept, person, object, '')) ?? [];
  });
}

function pastMarks(
  word: string,
  he: ReadonlyMap<string, readonly string[]>,
  i: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return withoutObject(word).flatMap(([stem, object]) => [
    ...(object === 'me' ? [] : (i.get(stem) ?? []).flatMap((concept) => marksAs(concept, '1', object, 'past'))),
    ...['', 'ت', 'وا', 'و'].flatMap((ending) => {
      const concepts = stem.endsWith(ending) ? he.get(stem.slice(0, stem.length - ending.length)) : undefined;
      return concepts?.flatMap((concept) => marksAs(concept, '3', object, 'past')) ?? [];
    }),
  ]);
}

/** The word as it is, and without each object that it may end in. */
function withoutObject(word: string): readonly (readonly [string, string])[] {
  return objects.flatMap(([suffix, object]) =>
    word.endsWith(suffix) && word.length > suffix.length + 1
      ? [[word.slice(0, word.length - suffix.length), object] as const]
      : [],
  );
}

function marksAs(concept: string, person: string, object: string, tense: string): readonly string[] {
  return [concept, `${concept}.${person}`, object && `${concept}.${object}`, tense && `${concept}.${tense}`].filter(
    (mark) => mark !== '',
  );
}
