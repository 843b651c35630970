import type { PolicyDocument } from './finding.ts';

/** Takes the nth item out of a list; with the last one the statement goes, since an empty list is no list. */
export function removeItem(document: PolicyDocument, statement: number, element: string, nth: number): void {
  const written = document.Statement[statement];
  if (!written) return;
  const items = [written[element]].flat();
  const rest = items.filter((_, index) => index !== nth);
  if (rest.length === 0) document.Statement.splice(statement, 1);
  else written[element] = rest.length === 1 ? rest[0] : rest;
}

type Conditions = { [operator: string]: { [key: string]: unknown } };

/** Moves a condition under another operator, or takes it out where none is named. Keys are compared without case. */
export function moveCondition(
  document: PolicyDocument,
  statement: number,
  { from, key, to }: { readonly from: string; readonly key: string; readonly to?: string },
): void {
  const written = document.Statement[statement];
  const conditions = written?.Condition as Conditions | undefined;
  if (!written || !conditions) return;
  const operator = Object.keys(conditions).find((name) => name.toLowerCase() === from.toLowerCase());
  const keys = operator === undefined ? undefined : conditions[operator];
  const name = keys && Object.keys(keys).find((spelling) => spelling.toLowerCase() === key.toLowerCase());
  if (operator === undefined || !keys || name === undefined) return;
  const value = keys[name];
  delete keys[name];
  if (Object.keys(keys).length === 0) delete conditions[operator];
  if (to !== undefined) conditions[to] = { ...conditions[to], [name]: value };
  if (Object.keys(conditions).length === 0) delete written.Condition;
}

/** Adds a condition beside those that there are. */
export function addCondition(
  document: PolicyDocument,
  statement: number,
  { operator, key, value }: { readonly operator: string; readonly key: string; readonly value: unknown },
): void {
  const written = document.Statement[statement];
  if (!written) return;
  const conditions = (written.Condition ?? {}) as Conditions;
  written.Condition = { ...conditions, [operator]: { ...conditions[operator], [key]: value } };
}

/** Takes a statement out. */
export function removeStatement(document: PolicyDocument, statement: number): void {
  document.Statement.splice(statement, 1);
}
