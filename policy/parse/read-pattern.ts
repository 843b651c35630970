import { placed } from './json-node.ts';
import type { Pattern, PatternPart, Policy, Position } from './policy-model.ts';

/** A key, and a default in quotes; no space but after the comma. */
const VARIABLE = /^([^\s,'{}$]+)(?:,\s*'([^']*)')?$/;
const ESCAPED = new Set(['*', '?', '$']);

/**
 * A text as its literals, wildcards and policy variables; undefined where it holds `${` and no variable. The
 * older policy version has no variables: there `${` is two characters like any other.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function readPattern(
  text: string,
  version: Policy['version'],
  position: Position | undefined,
): Pattern | undefined {
  const parts: PatternPart[] = [];
  let literal = '';
  const push = (part: PatternPart): void => {
    if (literal !== '') parts.push({ kind: 'literal', text: literal });
    literal = '';
    parts.push(part);
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (version === '2012-10-17' && text.startsWith('${', index)) {
      const end = text.indexOf('}', index);
      if (end < 0) return undefined;
      const inside = text.slice(index + 2, end);
      index = end;
      if (ESCAPED.has(inside)) literal += inside;
      else {
        const variable = readVariable(inside);
        if (variable === undefined) return undefined;
        push(variable);
      }
    } else if (character === '*') push({ kind: 'many' });
    else if (character === '?') push({ kind: 'single' });
    else literal += character;
  }
  if (literal !== '') parts.push({ kind: 'literal', text: literal });
  return { text, parts, ...placed(position) };
}

function readVariable(inside: string): PatternPart | undefined {
  const found = VARIABLE.exec(inside);
  if (found?.[1] === undefined) return undefined;
  return {
    kind: 'variable',
    key: found[1].toLowerCase(),
    ...(found[2] !== undefined && { fallback: found[2] }),
  };
}
