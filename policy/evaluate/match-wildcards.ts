import type { FilledPart } from './fill-pattern.ts';

/**
 * Whether the text is of the pattern's form: `*` stands for any characters, `?` for exactly one. A pattern of m
 * parts is compared with n characters in m × n steps at most, whatever it is.
 */
export function matchWildcards(parts: readonly FilledPart[], text: string): boolean {
  let part = 0;
  let position = 0;
  // Where to go on when the last `*` has to take one character more.
  let afterStar = -1;
  let starEnd = 0;
  for (;;) {
    const wanted = parts[part];
    if (wanted === undefined && position === text.length) return true;
    if (wanted?.kind === 'many') {
      if (part === parts.length - 1) return true;
      part++;
      afterStar = part;
      starEnd = position;
    } else if (wanted?.kind === 'single' && position < text.length) {
      part++;
      position++;
    } else if (wanted?.kind === 'literal' && text.startsWith(wanted.text, position)) {
      part++;
      position += wanted.text.length;
    } else {
      if (afterStar < 0 || starEnd >= text.length) return false;
      starEnd++;
      position = starEnd;
      part = afterStar;
    }
  }
}
