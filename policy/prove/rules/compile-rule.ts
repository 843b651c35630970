import { oncePerObject } from '../../parse/once-per-object.ts';
import type { Element, Pattern, Statement } from '../../parse/policy-model.ts';
import { type Glob, makeGlob } from '../words/glob.ts';
import { MANY, type Piece, piecesOf, splitAtColons } from '../words/letters.ts';
import { EVERYTHING, isAnyShape, makeShape, type Shape } from '../words/shape.ts';
import type { Leaning } from './approximate.ts';
import { compileCondition } from './compile-condition.ts';
import { compilePrincipals } from './compile-principals.ts';
import { ALL, type Choice, makeChoice, type Rule } from './rule.ts';

/** An action is its service and its name, an ARN has six parts. */
export const PARTS = { action: 2, resource: 6 } as const;

const lower = (piece: Piece): Piece => (typeof piece === 'string' ? piece.toLowerCase() : piece);
const globsOf = (parts: readonly (readonly Piece[])[]): Glob[] => parts.map((part) => makeGlob(part));

/** Actions are compared without case. */
function actionShape(pattern: Pattern): Shape {
  const pieces = piecesOf(pattern, true);
  if (pieces.every((piece) => piece === MANY)) return EVERYTHING;
  const parts = splitAtColons(pieces.map(lower), PARTS.action);
  if (parts.length < PARTS.action) throw new Error(`The parser took ${pattern.text} for an action`);
  return makeShape(globsOf(parts));
}

/** `*` is every resource; what has fewer parts than an ARN is a form that its service alone can read. */
function resourceShape(pattern: Pattern): Shape | undefined {
  const pieces = piecesOf(pattern, true);
  if (pieces.every((piece) => piece === MANY)) return EVERYTHING;
  const parts = splitAtColons(pieces, PARTS.resource);
  return parts.length === PARTS.resource ? makeShape(globsOf(parts)) : undefined;
}

/** Made once for each element, as resources and conditions are: the same statements stand in many proofs. */
const compileActions = oncePerObject(({ items, negated }: Element<Pattern>): Choice => {
  const shapes = items.map(actionShape);
  return makeChoice(shapes.some(isAnyShape) ? [EVERYTHING] : shapes, negated);
});

type Compiled = { readonly choice: Choice; readonly isExact: boolean };

/** A form that only its service can read is taken for everything, or for nothing. */
const compileLeaning = (leaning: Leaning) =>
  oncePerObject(({ items, negated }: Element<Pattern>): Compiled => {
    const shapes = items.map(resourceShape);
    const isWider = (leaning === 'wider') !== negated;
    const known = shapes.flatMap((shape) => shape ?? (isWider ? [EVERYTHING] : []));
    return { choice: makeChoice(known, negated), isExact: shapes.every((shape) => shape !== undefined) };
  });
const LEANING: Record<Leaning, ReturnType<typeof compileLeaning>> = {
  wider: compileLeaning('wider'),
  narrower: compileLeaning('narrower'),
};

const compileResources = (element: Element<Pattern> | undefined, leaning: Leaning): Compiled =>
  element === undefined ? { choice: ALL, isExact: true } : LEANING[leaning](element);

const compileClause = oncePerObject(compileCondition);

/** A statement as a rule; where it cannot be exact, it leans to this side. */
export function compileRule(statement: Statement, leaning: Leaning): Rule {
  const resources = compileResources(statement.resources, leaning);
  const principals = compilePrincipals(statement.principals, leaning);
  return {
    allows: statement.effect === 'Allow',
    actions: compileActions(statement.actions),
    resources: resources.choice,
    principals: principals.choice,
    clauses: statement.conditions.map(compileClause),
    isExact: resources.isExact && principals.isExact,
  };
}
