import type { Grantable } from '../shared/domain/guardrails/grantable-for.ts';
import { authorizationSchema, riskSchema } from '../shared/domain/review.ts';

/** Resources with the same grantable actions: one choice of the schema. */
export type Choice = { readonly keys: readonly string[]; readonly actions: readonly string[] };

/**
 * Enum values that a provider takes in a whole schema, and in one enum without counting its characters too.
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
const MOST_ENUM_VALUES = 1_000;
const MOST_KEYS_IN_CHOICE = 250;

const FIXED_VALUES = riskSchema.options.length + authorizationSchema.options.length;

/** Lowercase words of more than three letters, without their plural. */
const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word.length > 3)
      .map((word) => word.replace(/ies$/, 'y').replace(/s$/, '')),
  );

/** The choices that say just what the resources and their actions say, each enum small enough for a provider. */
export function choicesOf(grantable: readonly Grantable[]): Choice[] {
  const byActions = Map.groupBy(grantable, ({ actions }) => actions.join(' '));
  return [...byActions.values()].flatMap((same) => {
    const { actions = [] } = same[0] ?? {};
    const keys = same.map(({ resource }) => resource.key);
    return Array.from({ length: Math.ceil(keys.length / MOST_KEYS_IN_CHOICE) }, (_, nth) => ({
      keys: keys.slice(nth * MOST_KEYS_IN_CHOICE, (nth + 1) * MOST_KEYS_IN_CHOICE),
      actions,
    }));
  });
}

/** Enum values of the whole review schema with these resources in it. */
export const enumValuesOf = (grantable: readonly Grantable[]): number =>
  choicesOf(grantable).reduce((sum, { keys, actions }) => sum + keys.length + actions.length, FIXED_VALUES);

/** How much texts say of each resource: a word counts for more the fewer resources have it. */
function relevanceOf(grantable: readonly Grantable[], texts: readonly string[]): Map<Grantable, number> {
  const vocabularies = grantable.map(({ resource }) => wordsOf(`${resource.key} ${resource.purpose}`));
  const havingIt = new Map<string, number>();
  for (const words of vocabularies)
    for (const word of words) havingIt.set(word, (havingIt.get(word) ?? 0) + 1);
  const said = texts.map(wordsOf);
  return new Map(
    grantable.map((entry, nth) => {
      const weights = [...(vocabularies[nth] ?? [])].map((word) => {
        const times = said.filter((words) => words.has(word)).length;
        return times / (havingIt.get(word) ?? 1);
      });
      return [entry, weights.reduce((sum, weight) => sum + weight, 0)];
    }),
  );
}

/**
 * The resources that fit a provider's schema: all of them where they do; else those that the texts say most of,
 * earlier ones of the catalog first among equals. It can only leave out: what is left is as it was, in its order.
 */
export function fitSchema(
  grantable: readonly Grantable[],
  texts: readonly string[],
): { readonly offered: readonly Grantable[]; readonly leftOut: number } {
  if (enumValuesOf(grantable) <= MOST_ENUM_VALUES) return { offered: grantable, leftOut: 0 };
  const relevance = relevanceOf(grantable, texts);
  const byRelevance = grantable.toSorted(
    (left, right) => (relevance.get(right) ?? 0) - (relevance.get(left) ?? 0),
  );
  const fitting = new Set<Grantable>();
  let values = FIXED_VALUES;
  const perChoice = new Map<string, number>();
  for (const entry of byRelevance) {
    const choice = entry.actions.join(' ');
    const inChoice = perChoice.get(choice) ?? 0;
    // A new enum of keys brings its actions with it.
    const added = 1 + (inChoice % MOST_KEYS_IN_CHOICE === 0 ? entry.actions.length : 0);
    if (values + added > MOST_ENUM_VALUES) continue;
    values += added;
    perChoice.set(choice, inChoice + 1);
    fitting.add(entry);
  }
  return {
    offered: grantable.filter((entry) => fitting.has(entry)),
    leftOut: grantable.length - fitting.size,
  };
}
