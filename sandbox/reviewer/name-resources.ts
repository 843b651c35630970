type Offered = { readonly key: string; readonly purpose: string };

/** A word without its plural: `balances` and `balance` are one, so are `policies` and `policy`. */
const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
    .map(singular);

/** Words that tell no resource from another, in reasons or in purposes. */
const COMMON = new Set(
  wordsOf(`account bank broker customer daily each every group last may name newest open opened owned purpose request
    row status support table text that their time waiting what which who whom with`),
);

const vocabularyOf = ({ key, purpose }: Offered): Set<string> =>
  new Set(
    wordsOf(`${key.replaceAll('_', ' ')} ${purpose}`).filter((word) => word.length > 3 && !COMMON.has(word)),
  );

/** `support_requests` is also named by just these words, in this order, common as they are. */
const isPhraseOf = ({ key }: Offered, reason: string): boolean =>
  ` ${wordsOf(reason).join(' ')} `.includes(` ${wordsOf(key.replaceAll('_', ' ')).join(' ')} `);

/**
 * The resources that a reason names: by a word that is theirs alone among those offered, or by their whole name.
 * A word that several share, such as a department's, names none of them: the least access wins.
 */
export function nameResources<T extends Offered>(resources: readonly T[], reason: string): T[] {
  const said = new Set(wordsOf(reason));
  const vocabularies = resources.map(vocabularyOf);
  return resources.filter(
    (resource, index) =>
      isPhraseOf(resource, reason) ||
      [...(vocabularies[index] ?? [])].some(
        (word) => said.has(word) && vocabularies.every((other, nth) => nth === index || !other.has(word)),
      ),
  );
}
