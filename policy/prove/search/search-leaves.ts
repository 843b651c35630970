import type { Clause, Rule, Test } from '../rules/rule.ts';
import type { Budget } from '../words/budget.ts';
import type { PointFinder, Region } from '../words/find-point.ts';
import type { ValueFinder } from './find-values.ts';
import { partsInside, partsOutside, relate } from './relate.ts';

/** What a request has that a statement can tell apart, and what finds things in each. */
export type Space = {
  readonly actions: PointFinder;
  readonly resources: PointFinder;
  readonly principals: PointFinder;
  readonly values: ValueFinder;
  readonly budget: Budget;
};

/** Requests are looked for that meet all rules of `hold` and none of `avoid`. */
export type Question = { readonly hold: readonly Rule[]; readonly avoid: readonly Rule[] };

/** A set of requests that are all answers: any action, resource and principal of these regions, any such values. */
export type Leaf = {
  /** Of several, each is as good: no rule tells them apart. None is empty. */
  readonly actions: readonly Region[];
  readonly resources: readonly Region[];
  readonly principals: Region;
  readonly tests: Tests;
};
type Tests = ReadonlyMap<string, readonly Test[]>;

type Element = 'actions' | 'resources' | 'principals';
const WHOLE: Region = { within: [], without: [] };

/** Regions that lie alike to the rules that are to be avoided, and which of these rules they meet. */
type Class = { readonly regions: [Region, ...Region[]]; readonly near: readonly Rule[] };

/**
 * Finds all requests that answer the question, as leaves, until one is accepted; says whether one was. Where none
 * is found, there is none among all strings. Throws OutOfSteps.
 */
export function searchLeaves(question: Question, space: Space, accept: (leaf: Leaf) => boolean): boolean {
  const { hold, avoid } = question;
  return classesOf('actions', hold, avoid, space).some((actions) =>
    classesOf('resources', hold, actions.near, space).some((resources) =>
      classesOf('principals', hold, resources.near, space).some((principals) =>
        principals.regions.some((region) => {
          const start: Leaf = {
            actions: actions.regions,
            resources: resources.regions,
            principals: region,
            tests: new Map(),
          };
          const clauses = hold.flatMap((rule) => rule.clauses);
          return holdAll(clauses, start, space, (leaf) => avoidAll(principals.near, leaf, space, accept));
        }),
      ),
    ),
  );
}

/** The regions that all rules of `hold` have in common, by how they lie to those of `avoid`. */
function classesOf(element: Element, hold: readonly Rule[], avoid: readonly Rule[], space: Space): Class[] {
  const finder = space[element];
  const regions = hold.reduce<Region[]>(
    (found, rule) => found.flatMap((region) => partsInside(region, rule[element], finder)),
    [WHOLE],
  );
  const classes = new Map<string, Class>();
  for (const region of regions) {
    space.budget.spend(1);
    const relations = avoid.map((rule) => relate(region, rule[element], finder));
    // What lies partly in a rule is like no other.
    const isMixed = relations.includes('partly');
    const key = isMixed ? `mixed ${classes.size}` : relations.join();
    const known = classes.get(key);
    if (known) known.regions.push(region);
    else classes.set(key, { regions: [region], near: avoid.filter((_, nth) => relations[nth] !== 'apart') });
  }
  return [...classes.values()];
}

/** The leaf with more tests; undefined where no values meet them. */
function withTests(leaf: Leaf, tests: readonly Test[], { values, budget }: Space): Leaf | undefined {
  budget.spend(1);
  const all = new Map(leaf.tests);
  for (const test of tests) {
    const together = [...(all.get(test.key) ?? []), test];
    if (!values.find(test.key, together)) return undefined;
    all.set(test.key, together);
  }
  return { ...leaf, tests: all };
}

/** Goes through the ways in which all clauses hold. */
function holdAll(
  [clause, ...others]: readonly Clause[],
  leaf: Leaf,
  space: Space,
  next: (leaf: Leaf) => boolean,
): boolean {
  if (!clause) return next(leaf);
  return clause.holds.some((tests) => {
    const narrowed = withTests(leaf, tests, space);
    return narrowed !== undefined && holdAll(others, narrowed, space, next);
  });
}

/** Goes through the ways in which no rule is met. The rule with the fewest ways to miss it comes first. */
function avoidAll(
  rules: readonly Rule[],
  leaf: Leaf,
  space: Space,
  accept: (leaf: Leaf) => boolean,
): boolean {
  const open: { rule: Rule; ways: Leaf[] }[] = [];
  for (const rule of rules) {
    if (!meets(rule, leaf, space)) continue;
    const ways = waysToMiss(rule, leaf, space);
    if (ways.length === 0) return false;
    open.push({ rule, ways });
  }
  const [first, ...others] = open.toSorted((a, b) => a.ways.length - b.ways.length);
  if (!first) return accept(leaf);
  const left = others.map(({ rule }) => rule);
  return first.ways.some((way) => avoidAll(left, way, space, accept));
}

const theRegion = (leaf: Leaf, element: Element): Region =>
  element === 'principals' ? leaf.principals : (leaf[element][0] as Region);

const ELEMENTS: readonly Element[] = ['actions', 'resources', 'principals'];

/** Whether some request of the leaf still meets the rule's action, resource and principal. */
const meets = (rule: Rule, leaf: Leaf, space: Space): boolean =>
  ELEMENTS.every((element) => relate(theRegion(leaf, element), rule[element], space[element]) !== 'apart');

/** The requests of the leaf that a rule misses: by one of its elements, or by a condition that fails. */
function waysToMiss(rule: Rule, leaf: Leaf, space: Space): Leaf[] {
  const byElement = ELEMENTS.flatMap((element) =>
    partsOutside(theRegion(leaf, element), rule[element], space[element]).map((region) =>
      element === 'principals' ? { ...leaf, principals: region } : { ...leaf, [element]: [region] },
    ),
  );
  const byCondition = rule.clauses.flatMap(({ fails }) =>
    fails.flatMap((tests) => withTests(leaf, tests, space) ?? []),
  );
  return [...byElement, ...byCondition];
}
