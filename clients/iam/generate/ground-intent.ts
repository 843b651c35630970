import type { Intent, WantedAccess } from '../../../policy/generate/intent.ts';
import type { ModelIntent } from './intent-schema.ts';

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();

/** All that was said: nothing that a model answers is taken for a name that does not stand there. */
export type Said = {
  /** What was asked for, with what it refines. */
  readonly prose: readonly string[];
  readonly before?: Intent | undefined;
};

/**
 * Whether a name stands in a text: as it is, or each of its parts as a word (`reports/2026/*` of the bucket reports and the
 * prefix 2026). A star that nobody wrote is taken only for what is within something that was named.
 */
function isNamedIn(name: string, text: string): boolean {
  if (name !== '*' && text.includes(plain(name))) return true;
  if (name.endsWith('*') && !name.includes('/')) return /(?:^|\s)["'`“]?\*/.test(text) && name === '*';
  const words = new Set(text.split(/[^\w.@+=#-]+/).map((word) => word.replace(/\.+$/, '')));
  const parts = plain(name)
    .split(/[/:*]+/)
    .filter(Boolean);
  return parts.length > 0 && parts.every((part) => words.has(part));
}

export type Grounded = { readonly intent: Intent } | { readonly problems: readonly string[] };

/** Words of few letters stand in every text. */
const FEWEST_LETTERS = 3;

/**
 * A model's answer, held against what was said. Names, accounts, keys and roles that nobody wrote are left open, to be
 * asked; an access that quotes nothing is refused.
 */
export function groundIntent(model: ModelIntent, { prose, before }: Said): Grounded {
  const words = plain(prose.join('\n'));
  const values = plain(
    [
      ...prose,
      ...(before?.accesses ?? []).map(({ name = '' }) => name),
      ...Object.values(before?.answers ?? {}),
    ].join('\n'),
  );
  const said = (value: string | null): value is string => value !== null && values.includes(plain(value));
  const problems = model.accesses.flatMap((access, nth) => {
    const quote = plain(access.words);
    return quote.length >= FEWEST_LETTERS && words.includes(quote)
      ? []
      : [`access ${nth + 1}: "words" has to be copied from the prose`];
  });
  if (problems.length > 0) return { problems };
  const accesses = model.accesses.map(
    ({ service, resourceType, resourceName, actions, words: quote }): WantedAccess => ({
      service,
      ...(resourceType !== null && { type: resourceType }),
      ...(resourceName !== null && isNamedIn(resourceName, values) && { name: resourceName }),
      actions: [...new Set(actions)],
      words: quote,
    }),
  );
  const { account, region, assumedBy, externalId } = model;
  const isNamed =
    assumedBy !== null && (/^(?:none$|service:)/.test(assumedBy) || said(withoutPrefix(assumedBy)));
  const answers: Record<string, string> = {
    ...answersThatStay(accesses, before),
    ...(said(account) && { account }),
    ...(said(region) && { region }),
    ...(assumedBy !== null && isNamed && { assumedBy }),
    ...(said(externalId) && { externalId }),
  };
  for (const [nth, { kmsKey, passedRole }] of model.accesses.entries()) {
    // That there is no key is for whoever asks to say.
    if (kmsKey !== null && (kmsKey === 'no' ? /encrypt|kms|key/.test(words) : said(kmsKey)))
      answers[`key.${nth + 1}`] = kmsKey;
    if (passedRole !== null && said(passedRole)) answers[`role.${nth + 1}`] = passedRole;
  }
  return { intent: { accesses, answers } };
}

/** `github:org/repo:ref:…` is written by our form of it; what has to stand in the prose is the repository. */
const withoutPrefix = (assumedBy: string): string => /^github:([^:]+)/.exec(assumedBy)?.[1] ?? assumedBy;

/** Answers to what was asked before; those about one access follow it to its new place. */
function answersThatStay(
  accesses: readonly WantedAccess[],
  before: Intent | undefined,
): Record<string, string> {
  if (!before) return {};
  const general = Object.entries(before.answers).filter(([id]) => !/\.\d+$/.test(id));
  const own = accesses.flatMap(({ service, type, name }, nth) => {
    const place = before.accesses.findIndex(
      (other) =>
        other.service === service &&
        other.type === type &&
        (other.name === name ||
          (name !== undefined && other.name !== undefined && name.startsWith(other.name))),
    );
    return ['key', 'role'].flatMap((kind) => {
      const answer = before.answers[`${kind}.${place + 1}`];
      return answer === undefined ? [] : [[`${kind}.${nth + 1}`, answer] as const];
    });
  });
  return Object.fromEntries([...general, ...own]);
}

/** An intent with the names that were answered written into its accesses: so it can be refined. */
export function withNames({ accesses, answers }: Intent): Intent {
  return {
    accesses: accesses.map((access, nth) => {
      const name = answers[`name.${nth + 1}`];
      return name === undefined ? access : { ...access, name };
    }),
    answers: Object.fromEntries(Object.entries(answers).filter(([id]) => !id.startsWith('name.'))),
  };
}
