/** Reads the SSML that a speech client sends. Bad SSML is refused as the service does: with a reason, in close code 1007. */
export interface SpokenText {
  readonly text: string;
  readonly voiceName: string;
  readonly language: string;
}

export type SsmlPart = { readonly type: 'text'; readonly spoken: SpokenText } | { readonly type: 'break'; ms: number };

export type SsmlResult =
  { readonly ok: true; readonly parts: readonly SsmlPart[] } | { readonly ok: false; readonly reason: string };

/** Elements that only change how the words inside them sound. A stand-in's voice speaks them plainly. */
const inline = new Set([
  'p',
  's',
  'prosody',
  'emphasis',
  'say-as',
  'phoneme',
  'sub',
  'lang',
  'audio',
  'mstts:express-as',
]);
const empty = new Set(['break', 'bookmark', 'lexicon', 'mstts:silence', 'mstts:viseme']);
/** Documented: 64 KB of SSML a turn, breaks of at most 20 s. */
const ssmlBytes = 65_536;
const breakMs = 20_000;
/** Of a `<break>` without a time. */
const defaultBreakMs = 750;

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z][\w:.-]*)([^<>]*?)(\/?)>|([^<]+)|(<)/g;

interface Open {
  readonly name: string;
  readonly voiceName: string | null;
  readonly language: string;
}

class Refusal extends Error {}

export function parseSsml(ssml: string): SsmlResult {
  if (Buffer.byteLength(ssml) > ssmlBytes) return { ok: false, reason: 'SSML is longer than 64 KB' };
  try {
    return { ok: true, parts: readParts(ssml) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}

function readParts(ssml: string): SsmlPart[] {
  const parts: SsmlPart[] = [];
  const open: Open[] = [];
  let roots = 0;
  for (const match of ssml.matchAll(token)) {
    const [, cdata, slash, name, attributes, selfClosing, text, stray] = match;
    if (stray !== undefined) throw new Refusal('not well-formed: stray "<"');
    if (cdata !== undefined) addText(parts, open, cdata);
    else if (text !== undefined) addText(parts, open, decodeEntities(text));
    else if (name !== undefined && slash === '/') closeElement(open, name);
    else if (name !== undefined) {
      if (open.length === 0 && (roots += 1) > 1) throw new Refusal('not well-formed: more than one root');
      const element = openElement(parts, open.at(-1), name, readAttributes(attributes ?? ''));
      if (selfClosing !== '/') open.push(element);
    }
  }
  if (roots === 0) throw new Refusal('there is no <speak>');
  if (open.length > 0) throw new Refusal(`not well-formed: <${open.at(-1)?.name ?? ''}> is not closed`);
  if (!parts.some((part) => part.type === 'text')) throw new Refusal('there is nothing to say');
  return parts;
}

function openElement(
  parts: SsmlPart[],
  parent: Open | undefined,
  name: string,
  attributes: ReadonlyMap<string, string>,
): Open {
  const language = attributes.get('xml:lang') ?? parent?.language;
  if (parent === undefined) {
    if (name !== 'speak') throw new Refusal('the root is not <speak>');
    if (!attributes.has('version')) throw new Refusal('<speak> has no version');
    if (language === undefined) throw new Refusal('<speak> has no xml:lang');
    return { name, voiceName: null, language };
  }
  const inherited = { name, voiceName: parent.voiceName, language: language ?? parent.language };
  if (name === 'voice') {
    const voiceName = attributes.get('name');
    if (voiceName === undefined || voiceName === '') throw new Refusal('<voice> has no name');
    return { ...inherited, voiceName };
  }
  if (name === 'break') parts.push({ type: 'break', ms: readBreak(attributes.get('time')) });
  if (!inline.has(name) && !empty.has(name)) throw new Refusal(`element not known: <${name}>`);
  return inherited;
}

function closeElement(open: Open[], name: string): void {
  const element = open.pop();
  if (element?.name !== name) throw new Refusal(`not well-formed: </${name}> closes nothing`);
}

function addText(parts: SsmlPart[], open: readonly Open[], raw: string): void {
  const text = raw.replaceAll(/\s+/g, ' ').trim();
  if (text === '') return;
  const inside = open.at(-1);
  if (inside === undefined) throw new Refusal('not well-formed: text outside <speak>');
  if (inside.voiceName === null) throw new Refusal('text outside <voice>');
  const last = parts.at(-1);
  if (last?.type === 'text' && last.spoken.voiceName === inside.voiceName && last.spoken.language === inside.language) {
    const joined = { ...last.spoken, text: `${last.spoken.text} ${text}` };
    parts[parts.length - 1] = { type: 'text', spoken: joined };
    return;
  }
  parts.push({ type: 'text', spoken: { text, voiceName: inside.voiceName, language: inside.language } });
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const rest = source.replaceAll(/\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g, (_, name: string, a, b) => {
    attributes.set(name, decodeEntities(String(a ?? b)));
    return '';
  });
  if (rest.trim() !== '') throw new Refusal('not well-formed: bad attribute');
  return attributes;
}

function readBreak(time: string | undefined): number {
  if (time === undefined) return defaultBreakMs;
  const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(time);
  if (match === null) throw new Refusal('<break> has a bad time');
  return Math.min(Number(match[1]) * (match[2] === 's' ? 1_000 : 1), breakMs);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));|&/g, (whole, hex, decimal, name: string) => {
    const code = hex !== undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    const character = name !== undefined ? entities[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (whole === '&' || character === undefined) throw new Refusal('not well-formed: bad entity');
    return character;
  });
}
