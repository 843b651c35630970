import type { Pattern } from '../../parse/policy-model.ts';

const SEGMENTS = 6;

/** Stands for a variable: no part of an ARN that is compared with it is found wrong. */
export const UNKNOWN_PART = '*';

/** An ARN's six parts as they are written, `*` for a part with a variable in it; undefined for `*` alone. */
export function literalParts({ parts, text }: Pattern): readonly string[] | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const marked = parts
    .map((part) => {
      if (part.kind === 'literal') return part.text;
      return part.kind === 'many' ? '*' : part.kind === 'single' ? '?' : '\u0000';
    })
    .join('');
  const pieces = marked.split(':');
  const six = [...pieces.slice(0, SEGMENTS - 1), pieces.slice(SEGMENTS - 1).join(':')];
  return six.map((piece) => (piece.includes('\u0000') ? UNKNOWN_PART : piece));
}
