import { parseExactly } from './raw-json.ts';

/** How deep a body's JSON may go; deeper is an attack on whoever reads it. */
const MOST_DEPTH = 100;

/**
 * The value of a JSON text that every parser reads alike. Undefined where it is no JSON, names a key of one object
 * twice (parsers differ in which they take), or nests too deep.
 */
export const readJson = (bytes: Uint8Array): unknown => readBy(bytes, JSON.parse);

/** The same, its numbers kept as they are written, so that they can be written again. */
export const readExactJson = (bytes: Uint8Array): unknown => readBy(bytes, parseExactly);

function readBy(bytes: Uint8Array, parse: (text: string) => unknown): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return hasUniqueKeys(text) ? parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether no object of a JSON text has a key twice, by what the keys mean and not by how they are written. */
function hasUniqueKeys(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let place = 0;
  while (place < text.length) {
    const letter = text[place];
    if (letter === '{' || letter === '[') {
      open.push(letter === '{' ? new Set() : undefined);
      if (open.length > MOST_DEPTH) return false;
    } else if (letter === '}' || letter === ']') {
      open.pop();
    } else if (letter === '"') {
      const end = endOfString(text, place);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        const key = JSON.parse(text.slice(place, end)) as string;
        if (keys.has(key)) return false;
        keys.add(key);
      }
      place = end;
      continue;
    }
    place += 1;
  }
  return true;
}

function endOfString(text: string, start: number): number {
  let place = start + 1;
  while (place < text.length && text[place] !== '"') place += text[place] === '\\' ? 2 : 1;
  return place + 1;
}

/** Whether a string that ends here is followed by a colon. */
function isKey(text: string, end: number): boolean {
  let place = end;
  while (place < text.length && ' \t\r\n'.includes(text[place] ?? '')) place += 1;
  return text[place] === ':';
}
