import { statementsIn } from './type-of-document.ts';

/** A text that begins with something which only a deployment decides. */
const OPEN = /^\$\{template:[^}]*\}/;

const open = (name: string): string => `\${template:${name}}`;
const PREFIX = `arn:${open('partition')}:${open('service')}:${open('region')}:${open('account')}:`;

/** What stands where an ARN has to: a text that is open is one whose parts are open. */
const asArn = (value: unknown): unknown =>
  typeof value === 'string' && OPEN.test(value) ? `${PREFIX}${value}` : value;

/**
 * A policy in which whole ARNs that are not known yet (a parameter, an import) have the form of ARNs, with every part
 * open: so that the policy can be read, and a proof takes each for any.
 */
export function withSymbolicArns(document: unknown): unknown {
  const statements = statementsIn(document);
  if (!statements) return document;
  const Statement = statements.map((statement) =>
    Object.fromEntries(
      Object.entries(statement).map(([name, value]) =>
        name === 'Resource' || name === 'NotResource'
          ? [name, Array.isArray(value) ? value.map(asArn) : asArn(value)]
          : [name, value],
      ),
    ),
  );
  return { ...(document as object), Statement };
}
