/** Just enough XML to read TwiML: elements, attributes, text, entities, comments, CDATA. No DTD is ever read. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, entities resolved. */
  readonly text: string;
}

export type XmlResult =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly at: number; readonly reason: string };

interface OpenElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const deepest = 16;
const skipped = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->/y;
const cdata = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const openTag = /<([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const closeTag = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const text = /[^<]+/y;
const attribute = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

class XmlFault extends Error {}

export function parseXml(source: string): XmlResult {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    at += match?.[0].length ?? 0;
    return match;
  };
  try {
    return { ok: true, root: readDocument(take, () => at >= source.length) };
  } catch (error) {
    if (error instanceof XmlFault) {
      return { ok: false, at, reason: error.message };
    }
    throw error;
  }
}

function readDocument(take: (pattern: RegExp) => RegExpExecArray | null, atEnd: () => boolean): XmlElement {
  const open: OpenElement[] = [];
  let root: OpenElement | undefined;
  while (!atEnd()) {
    const parent = open.at(-1);
    let match = take(skipped);
    if (match) {
      continue;
    }
    if ((match = take(cdata)) && parent) {
      parent.text += match[1] ?? '';
    } else if ((match = take(openTag))) {
      const element: OpenElement = {
        name: match[1] ?? '',
        attributes: readAttributes(match[2] ?? ''),
        children: [],
        text: '',
      };
      refuseIf(root !== undefined && parent === undefined, 'a second root element');
      refuseIf(open.length >= deepest, 'elements nested too deeply');
      root ??= element;
      parent?.children.push(element);
      if (match[3] === '') {
        open.push(element);
      }
    } else if ((match = take(closeTag))) {
      refuseIf(open.pop()?.name !== match[1], `</${match[1]}> closes nothing that is open`);
    } else if ((match = take(text))) {
      refuseIf(parent === undefined && match[0].trim() !== '', 'text outside the root element');
      if (parent) {
        parent.text += resolveEntities(match[0]);
      }
    } else {
      throw new XmlFault('not a tag');
    }
  }
  refuseIf(open.length > 0, `<${open.at(-1)?.name}> is never closed`);
  if (root === undefined) {
    throw new XmlFault('no root element');
  }
  return root;
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of source.matchAll(attribute)) {
    refuseIf(attributes.has(name), `attribute ${name} given twice`);
    attributes.set(name, resolveEntities(double ?? single ?? ''));
  }
  return attributes;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveEntities(source: string): string {
  return source.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16) : undefined;
    const character = point === undefined ? named[name] : point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
    if (character === undefined || !whole.endsWith(';')) {
      throw new XmlFault(`${whole} is no entity`);
    }
    return character;
  });
}

function refuseIf(wrong: boolean, reason: string): void {
  if (wrong) {
    throw new XmlFault(reason);
  }
}
