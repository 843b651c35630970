import type { TemplateValue } from './template-value.ts';

/** An action that a function stands for, of which nothing is known: not even its service. */
const OPEN = /^[^:]*\$\{template:[^}]*\}[^:]*$/;

type Statement = { readonly [key: string]: TemplateValue };
const isStatement = (value: TemplateValue | undefined): value is Statement =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A document without the actions of which only a deployment knows what they are, and where those stood. Taken for any
 * action they would be everything; so the rest is judged, and they are told of.
 */
export function withoutOpenActions(document: TemplateValue): {
  readonly document: TemplateValue;
  readonly open: readonly string[];
} {
  if (!isStatement(document) || document.Statement === undefined) return { document, open: [] };
  const open: string[] = [];
  const statements = [document.Statement].flat() as TemplateValue[];
  const Statement = statements.flatMap((statement, nth): TemplateValue[] => {
    if (!isStatement(statement)) return [statement];
    const name = 'NotAction' in statement ? 'NotAction' : 'Action';
    const actions = [statement[name] ?? []].flat() as TemplateValue[];
    const left = actions.filter((action) => typeof action !== 'string' || !OPEN.test(action));
    if (left.length === actions.length) return [statement];
    open.push(`Statement[${nth}].${name}`);
    // What NotAction leaves out is not known to be left out: then all of it counts.
    if (name === 'NotAction') return [{ ...statement, NotAction: left.length > 0 ? left : ['none:None'] }];
    return left.length > 0 ? [{ ...statement, Action: left }] : [];
  });
  return { document: open.length > 0 ? { ...document, Statement } : document, open };
}
