import type { Element, Statement } from '../parse/policy-model.ts';
import type { Hit } from './finding.ts';

type Where = Pick<Hit, 'path' | 'position'>;

const placedAt = (path: string, position: Hit['position']): Where => ({
  path,
  ...(position && { position }),
});

/** Where a statement stands. */
export const atStatement = ({ index, position }: Statement): Where =>
  placedAt(`Statement[${index}]`, position);

const NAMES = { actions: 'Action', resources: 'Resource', principals: 'Principal' } as const;

/** The name that an element was written under. */
export const elementName = (kind: keyof typeof NAMES, { negated }: Element<unknown>): string =>
  negated ? `Not${NAMES[kind]}` : NAMES[kind];

/** Where an element of a statement stands, or the nth of its items. */
export function atElement(statement: Statement, kind: keyof typeof NAMES, nth?: number): Where {
  const element = statement[kind];
  if (element === undefined) return atStatement(statement);
  const path = `Statement[${statement.index}].${elementName(kind, element)}`;
  if (nth === undefined) return placedAt(path, element.position);
  return placedAt(`${path}[${nth}]`, element.items[nth]?.position ?? element.position);
}

/** Where the nth condition of a statement stands. */
export function atCondition(statement: Statement, nth: number): Where {
  const condition = statement.conditions[nth];
  const path = condition ? `.${operatorText(condition.operator)}.${condition.key}` : '';
  return placedAt(`Statement[${statement.index}].Condition${path}`, condition?.position);
}

/** An operator as AWS writes it. */
export const operatorText = ({
  name,
  quantifier,
  ifExists,
}: Statement['conditions'][number]['operator']): string =>
  `${quantifier ? `${quantifier}:` : ''}${name}${ifExists ? 'IfExists' : ''}`;
