import { SaxesParser } from 'saxes';

/** An element of XML: its name and attributes as they stand, and what is in it. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
};

/** How deep XML may go; deeper is an attack on whoever reads it. */
const MOST_DEPTH = 100;

/** An element that can still be added to. */
type Open = XmlElement & { readonly children: (XmlElement | string)[] };

class Unreadable extends Error {
  override name = 'Unreadable';
}

/**
 * The root of an XML text that every parser reads alike. Undefined where it is not well formed, declares entities or a
 * document type, is not UTF-8, or nests too deep. Comments and processing instructions are left out.
 */
export function readXml(bytes: Uint8Array): XmlElement | undefined {
  const parser = new SaxesParser();
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  const refuse = (): never => {
    throw new Unreadable();
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!/^utf-?8$/i.test(encoding)) refuse();
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Open = { name, attributes: new Map(Object.entries(attributes)), children: [] };
    stack.at(-1)?.children.push(element);
    if (stack.push(element) > MOST_DEPTH) refuse();
    root ??= element;
  });
  const text = (written: string): void => {
    stack.at(-1)?.children.push(written);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    stack.pop();
  });
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).close();
    return root;
  } catch {
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  // A parser would read them as other space.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};
const textOf = (text: string): string => text.replace(/[<>&\r]/g, (letter) => ESCAPES[letter] ?? '');
const attributeOf = (text: string): string =>
  text.replace(/[<>&"\r\n\t]/g, (letter) => ESCAPES[letter] ?? '');

function write({ name, attributes, children }: XmlElement, into: string[]): void {
  into.push('<', name);
  for (const [key, value] of attributes) into.push(' ', key, '="', attributeOf(value), '"');
  if (children.length === 0) {
    into.push('/>');
    return;
  }
  into.push('>');
  for (const child of children) {
    if (typeof child === 'string') into.push(textOf(child));
    else write(child, into);
  }
  into.push('</', name, '>');
}

/** The text of an element: read again, it is the same. */
export function writeXml(root: XmlElement): string {
  const pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  write(root, pieces);
  return pieces.join('');
}

/** A name without its prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
export const elementsOf = ({ children }: XmlElement): readonly XmlElement[] =>
  children.filter((child) => typeof child !== 'string');
export const textIn = ({ children }: XmlElement): string =>
  children.filter((child) => typeof child === 'string').join('');

/** An element with others in the place of its children; without those that are undefined. */
export function mapChildren(
  parent: XmlElement,
  mapElement: (child: XmlElement) => XmlElement | undefined,
  mapText: (text: string) => string = (text) => text,
): XmlElement {
  const children = parent.children.flatMap((child): (XmlElement | string)[] => {
    if (typeof child === 'string') return [mapText(child)];
    const mapped = mapElement(child);
    return mapped ? [mapped] : [];
  });
  return { ...parent, children };
}
