import type { Subject } from '../access-request.ts';

/** What may be known of a subject: its id, and what its token says of it besides. */
type Identifiers = Pick<Subject, 'id' | 'attributes'>;

/** Texts without a subject's identifiers, and with them again. */
export type Hiding = {
  /** What stands for the subject's id. */
  readonly placeholder: string;
  /** The text with placeholders for every identifier. */
  hide(text: string): string;
  /** The same for a text that others wrote for everybody: an identifier that could be a word of its own stays. */
  hideUnmistakable(text: string): string;
  /** Whether an identifier that could be a word or a number of its own stands in the text: hidden, it would say something else. */
  isMistakable(text: string): boolean;
  /** The text with the identifiers again, each as `write` writes it; as it is where it would be longer than `most` characters. */
  putBack(text: string, most?: number, write?: (identifier: string) => string): string;
};

type Identifier = { readonly placeholder: string; readonly value: string };

/** A shorter one may be any part of a word. */
const SHORTEST = 4;
const LETTERS = /^[\p{L}\p{M}]+$/u;
const SMALL_NUMBER = /^\p{N}{1,5}$/u;

/** Whether it could be a word or a number that somebody wrote without meaning the subject. */
const couldBeWord = ({ value }: Identifier): boolean =>
  value.length < SHORTEST || LETTERS.test(value) || SMALL_NUMBER.test(value);

const escaped = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');

const percentEncoded = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** One character as it may stand in a text: itself, behind a backslash, or percent-encoded in either case. */
function patternOfCharacter(character: string): string {
  const cases = [character, character.toLowerCase(), character.toUpperCase()];
  const forms = [
    `\\\\?${escaped(character)}`,
    ...cases.map(percentEncoded),
    ...(character === ' ' ? ['\\+'] : []),
  ];
  return `(?:${[...new Set(forms)].join('|')})`;
}

/** An identifier as it may stand in a text; one that could be a word, only where no letter or digit touches it. */
function patternOf(identifier: Identifier): string {
  const forms = new Set([
    identifier.value,
    identifier.value.normalize('NFC'),
    identifier.value.normalize('NFD'),
  ]);
  const pattern = `(?:${[...forms].map((form) => [...form].map(patternOfCharacter).join('')).join('|')})`;
  return couldBeWord(identifier) ? `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])` : pattern;
}

/** Longer ones first: one may be a part of another. */
function identifiersOf({ id, attributes = {} }: Identifiers): Identifier[] {
  const all = [
    { placeholder: '[subject]', value: id },
    ...Object.entries(attributes).map(([claim, value]) => ({ placeholder: `[subject.${claim}]`, value })),
  ];
  return all.toSorted((left, right) => right.value.length - left.value.length);
}

function replacerOf(identifiers: readonly Identifier[]): (text: string) => string {
  if (identifiers.length === 0) return (text) => text;
  // One pass over all of them: no placeholder is looked through for the next identifier.
  const pattern = new RegExp(identifiers.map((identifier) => `(${patternOf(identifier)})`).join('|'), 'giu');
  return (text) =>
    text.replaceAll(pattern, (...match) => {
      const nth = match.slice(1, 1 + identifiers.length).findIndex((group) => group !== undefined);
      return identifiers[nth]?.placeholder ?? '[subject]';
    });
}

/**
 * Keeps a subject's identifiers out of texts that a model reads. An identifier is found in any case, percent-encoded or behind
 * backslashes; one that could be a word of its own (`not`, `7`), only as a whole word. Anything else that names a person stays.
 */
export function hideSubject(subject: Identifiers): Hiding {
  const identifiers = identifiersOf(subject);
  const hide = replacerOf(identifiers);
  const hideWords = replacerOf(identifiers.filter(couldBeWord));
  const hideUnmistakable = replacerOf(identifiers.filter((identifier) => !couldBeWord(identifier)));
  return {
    placeholder: '[subject]',
    hide,
    hideUnmistakable,
    isMistakable: (text) => hideWords(text) !== text,
    putBack(text, most = Number.POSITIVE_INFINITY, write = (identifier) => identifier) {
      const values = new Map(identifiers.map(({ placeholder, value }) => [placeholder, value]));
      const whole = text.replaceAll(/\[subject(?:\.[^\]]{1,100})?\]/g, (placeholder) => {
        const value = values.get(placeholder);
        return value === undefined ? placeholder : write(value);
      });
      return whole.length <= most ? whole : text;
    },
  };
}

const OPENING = '[subject';
const mayBecomePlaceholder = (text: string): boolean =>
  OPENING.startsWith(text) || /^\[subject\.[^\]]{0,100}$/.test(text);

/**
 * Puts identifiers back into a text that comes in pieces: what may be the beginning of a placeholder waits for its end.
 * `end` hands on what still waits.
 */
export function putBackPieces(hiding: Pick<Hiding, 'putBack'>, handOn: (text: string) => void) {
  let waiting = '';
  return {
    write(piece: string): void {
      const text = waiting + piece;
      const opens = text.lastIndexOf('[');
      const isOpen = opens >= 0 && mayBecomePlaceholder(text.slice(opens));
      const whole = isOpen ? text.slice(0, opens) : text;
      waiting = isOpen ? text.slice(opens) : '';
      if (whole) handOn(hiding.putBack(whole));
    },
    end(): void {
      if (waiting) handOn(waiting);
      waiting = '';
    },
  };
}
