import type { Condition, Element, Pattern, Principal, Statement } from '../parse/policy-model.ts';
import type { PolicyLayers } from './rules/compile-policies.ts';
import { writtenAs } from './rules/rule.ts';

/**
 * A statement as it is written. Nothing here knows what an operator means, so it also serves for what cannot be
 * modelled.
 */
type Written = {
  readonly allows: boolean;
  /** All but the lists of its actions and resources. */
  readonly circumstances: string;
  readonly actions: List;
  readonly resources: List;
};
type List = { readonly negated: boolean; readonly items: ReadonlySet<string> };

const EVERY = writtenAs({ parts: [{ kind: 'many' }] });

const conditionText = ({ operator, key, values }: Condition): string =>
  JSON.stringify([operator, key, values.map(writtenAs).sort()]);
const principalText = ({ position: _, ...principal }: Principal): string => JSON.stringify(principal);
const listOf = (element: Element<Pattern> | undefined, textOf: (pattern: Pattern) => string): List => ({
  negated: element?.negated ?? false,
  items: new Set(element ? element.items.map(textOf) : [EVERY]),
});

function written({ effect, principals, actions, resources, conditions }: Statement): Written {
  return {
    allows: effect === 'Allow',
    circumstances: JSON.stringify([
      principals ? [principals.negated, principals.items.map(principalText).sort()] : null,
      conditions.map(conditionText).sort(),
    ]),
    actions: listOf(actions, (pattern) => writtenAs(pattern).toLowerCase()),
    resources: listOf(resources, writtenAs),
  };
}

const isSubset = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  some.size <= all.size && [...some].every((item) => all.has(item));

function listCovers(wide: List, narrow: List): boolean {
  if (wide.negated !== narrow.negated) return false;
  if (wide.negated) return isSubset(wide.items, narrow.items);
  return wide.items.has(EVERY) || isSubset(narrow.items, wide.items);
}

const covers = (wide: Written, narrow: Written): boolean =>
  wide.circumstances === narrow.circumstances &&
  listCovers(wide.actions, narrow.actions) &&
  listCovers(wide.resources, narrow.resources);

/** Statements by their circumstances, to be found among hundreds. */
type Index = ReadonlyMap<string, readonly Written[]>;

function indexOf(statements: readonly Written[]): Index {
  const index = new Map<string, Written[]>();
  for (const statement of statements) {
    const alike = index.get(statement.circumstances) ?? [];
    alike.push(statement);
    index.set(statement.circumstances, alike);
  }
  return index;
}

const isCovered = (statement: Written, index: Index): boolean =>
  index.get(statement.circumstances)?.some((candidate) => covers(candidate, statement)) ?? false;

/** Policies as they are written, to be compared as often as need be. */
export type WrittenPolicies = {
  readonly layers: readonly { readonly allows: readonly Written[]; readonly index: Index }[];
  readonly denies: readonly Written[];
  readonly deniesIndex: Index;
};

export function writtenPolicies(layers: PolicyLayers): WrittenPolicies {
  const all = layers.map((policies) => policies.flatMap(({ statements }) => statements.map(written)));
  const denies = all.flat().filter(({ allows }) => !allows);
  return {
    layers: all.map((statements) => {
      const allowing = statements.filter(({ allows }) => allows);
      return { allows: allowing, index: indexOf(allowing) };
    }),
    denies,
    deniesIndex: indexOf(denies),
  };
}

/**
 * Whether one set of policies is written as a part of the other: each of its Allow statements stands there too,
 * perhaps for more actions or resources, and so does each Deny of the other here. Then it is within, whatever the
 * statements mean. False says nothing.
 */
export function isWrittenWithin(candidate: WrittenPolicies, reference: WrittenPolicies): boolean {
  return (
    reference.denies.every((statement) => isCovered(statement, candidate.deniesIndex)) &&
    reference.layers.every(({ index }) =>
      candidate.layers.some(({ allows }) => allows.every((statement) => isCovered(statement, index))),
    )
  );
}
