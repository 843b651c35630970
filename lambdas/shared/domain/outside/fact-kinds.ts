import type { FactSources } from './fact-sources.ts';
import { aboutReference, type OutsideFact } from './outside-fact.ts';

/** What a fact is stored under: all of its name together, but open references one by one. */
export const kindOf = ({ name, about }: Pick<OutsideFact, 'name' | 'about'>): string =>
  name === 'openReference' ? `${name}#${about}` : name;

/** What tells the facts of one kind apart: of one source, the newest of the same counts. */
export const idOf = ({ source, about, value = '' }: OutsideFact): string => `${source}#${about}#${value}`;

/** The kinds that a request's facts are among, of those that some source states. */
export function kindsToRead({ sources }: FactSources, references: readonly string[] = []): string[] {
  const stated = new Set(sources.flatMap(({ states }) => states.map(({ fact }) => fact)));
  const open = references.map((reference) =>
    kindOf({ name: 'openReference', about: aboutReference(reference) }),
  );
  return [
    ...(stated.has('onCall') ? ['onCall'] : []),
    ...(stated.has('incident') ? ['incident'] : []),
    ...(stated.has('openReference') ? open : []),
  ];
}
