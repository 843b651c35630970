import type { JsonMember, JsonNode } from './json-node.ts';
import type { Position } from './policy-model.ts';

export type ScanResult =
  | { readonly ok: true; readonly node: JsonNode }
  | { readonly ok: false; readonly code: 'not-json' | 'nested-too-deep'; readonly position: Position };

/** A policy needs seven levels. Past this somebody is trying to exhaust the stack. */
const MAX_DEPTH = 32;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** A string's characters that stand for themselves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class ScanError extends Error {
  readonly code: 'not-json' | 'nested-too-deep';
  readonly index: number;
  constructor(code: 'not-json' | 'nested-too-deep', index: number) {
    super(code);
    this.code = code;
    this.index = index;
  }
}

/**
 * Reads JSON as strictly as `JSON.parse`, and keeps what that throws away: positions and repeated keys.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export function scanJson(text: string): ScanResult {
  const scanner = new Scanner(text);
  try {
    return { ok: true, node: scanner.readDocument() };
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    return { ok: false, code: error.code, position: scanner.positionOf(error.index) };
  }
}

class Scanner {
  private readonly text: string;
  private readonly lineStarts: readonly number[];
  private index = 0;
  /** Positions are mostly asked for in order: the search begins where the last one ended. */
  private line = 0;

  constructor(text: string) {
    this.text = text;
    this.lineStarts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
  }

  readDocument(): JsonNode {
    const node = this.readValue(0);
    if (this.index < this.text.length) this.fail();
    return node;
  }

  positionOf(index: number): Position {
    while ((this.lineStarts[this.line] ?? 0) > index) this.line--;
    while ((this.lineStarts[this.line + 1] ?? Number.POSITIVE_INFINITY) <= index) this.line++;
    return { line: this.line + 1, column: index - (this.lineStarts[this.line] ?? 0) + 1 };
  }

  /** One value and the white space on both sides of it. */
  private readValue(depth: number): JsonNode {
    this.skipSpace();
    if (depth > MAX_DEPTH) throw new ScanError('nested-too-deep', this.index);
    const position = this.positionOf(this.index);
    const node = this.readBareValue(depth, position);
    this.skipSpace();
    return node;
  }

  private readBareValue(depth: number, position: Position): JsonNode {
    const first = this.text[this.index];
    if (first === '{') return { kind: 'object', members: this.readMembers(depth), position };
    if (first === '[') return { kind: 'array', items: this.readItems(depth), position };
    if (first === '"') return { kind: 'string', text: this.readString(), position };
    if (this.skipWord('true')) return { kind: 'boolean', value: true, position };
    if (this.skipWord('false')) return { kind: 'boolean', value: false, position };
    if (this.skipWord('null')) return { kind: 'null', position };
    const number = this.read(NUMBER);
    if (number === '') this.fail();
    return { kind: 'number', text: number, position };
  }

  private readMembers(depth: number): JsonMember[] {
    const members: JsonMember[] = [];
    this.index++;
    this.skipSpace();
    if (this.skipWord('}')) return members;
    do {
      this.skipSpace();
      const keyPosition = this.positionOf(this.index);
      if (this.text[this.index] !== '"') this.fail();
      const key = this.readString();
      this.skipSpace();
      if (!this.skipWord(':')) this.fail();
      members.push({ key, keyPosition, value: this.readValue(depth + 1) });
    } while (this.skipWord(','));
    if (!this.skipWord('}')) this.fail();
    return members;
  }

  private readItems(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    this.index++;
    this.skipSpace();
    if (this.skipWord(']')) return items;
    do items.push(this.readValue(depth + 1));
    while (this.skipWord(','));
    if (!this.skipWord(']')) this.fail();
    return items;
  }

  private readString(): string {
    this.index++;
    let out = this.read(PLAIN);
    while (this.skipWord('\\')) out += this.readEscape() + this.read(PLAIN);
    if (!this.skipWord('"')) this.fail();
    return out;
  }

  private readEscape(): string {
    if (this.skipWord('u')) {
      const hex = this.read(HEX);
      if (hex === '') this.fail();
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const letter = this.text[this.index] ?? '';
    if (!Object.hasOwn(ESCAPES, letter)) this.fail();
    this.index++;
    return ESCAPES[letter] as string;
  }

  private skipSpace(): void {
    this.read(SPACE);
  }

  /** What the expression matches here, perhaps nothing. */
  private read(expression: RegExp): string {
    expression.lastIndex = this.index;
    const found = expression.exec(this.text)?.[0] ?? '';
    this.index += found.length;
    return found;
  }

  private skipWord(word: string): boolean {
    if (!this.text.startsWith(word, this.index)) return false;
    this.index += word.length;
    return true;
  }

  private fail(): never {
    throw new ScanError('not-json', this.index);
  }
}
