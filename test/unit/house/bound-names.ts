import { parseSync } from 'oxc-parser';

type Node = { readonly type: string; readonly start: number; readonly [field: string]: unknown };
type BoundName = { readonly name: string; readonly line: number };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const nodesIn = (value: unknown): Node[] => [value].flat().filter(isNode);

/** Where a node holds the names that it binds. A function's parameters are bound in a type's signature too. */
const BINDING_FIELDS = ['id', 'params', 'param', 'parameters'];

/** What stands within a pattern, to the identifiers that it binds. */
function boundBy(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return nodesIn(pattern.properties).flatMap(boundBy);
    case 'Property':
      return nodesIn(pattern.value).flatMap(boundBy);
    case 'ArrayPattern':
      return nodesIn(pattern.elements).flatMap(boundBy);
    case 'RestElement':
      return nodesIn(pattern.argument).flatMap(boundBy);
    case 'AssignmentPattern':
      return nodesIn(pattern.left).flatMap(boundBy);
    case 'TSParameterProperty':
      return nodesIn(pattern.parameter).flatMap(boundBy);
    default:
      return [];
  }
}

/** The names that a text binds: of variables, parameters, functions, classes and types, in the order they stand in. */
export function boundNamesIn(file: string, text: string): BoundName[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const found = new Set<Node>();
  function visit(node: Node): void {
    for (const field of BINDING_FIELDS)
      for (const bound of nodesIn(node[field]).flatMap(boundBy)) found.add(bound);
    for (const value of Object.values(node)) for (const inner of nodesIn(value)) visit(inner);
  }
  for (const statement of nodesIn(program.body)) visit(statement);
  return [...found]
    .toSorted((left, right) => left.start - right.start)
    .map(({ name, start }) => ({ name: String(name), line: text.slice(0, start).split('\n').length }));
}
