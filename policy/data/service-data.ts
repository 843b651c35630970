import type { KnownAction } from '../prove/known-actions.ts';

/** `L`ist, `R`ead, `W`rite, `T`agging or `P`ermissions management: the last two are writing too. */
export type AccessLevel = 'L' | 'R' | 'W' | 'T' | 'P';

/** What a key's values are: `S`trings, `A`RNs, `B`ools, `N`umbers, `D`ates, `I`P addresses. */
export type KeyType = 'S' | 'A' | 'B' | 'N' | 'D' | 'I';

/** AWS's global condition keys in lower case, those of tags up to their slash; 1 where there may be several values. */
export type GlobalKeys = Readonly<Record<string, readonly [type: KeyType, ofSeveral: 0 | 1]>>;

/**
 * What IAM knows of one service, as `scripts/compile-iam-data.ts` writes it. Keys are named by their place in
 * `keys`; lists at the end of a row that are empty are left out.
 */
export type ServiceData = {
  /** Condition keys as AWS writes them: `dynamodb:LeadingKeys`, `aws:ResourceTag/${TagKey}`. */
  readonly keys: readonly string[];
  /** A letter for each: its type, or `-` where the service does not say. */
  readonly types: string;
  /** Actions that AWS says others took the place of. */
  readonly deprecated?: readonly string[];
  /** Those of the keys that may have several values. */
  readonly ofSeveral: readonly number[];
  /** Kinds of resources: the ARN with placeholders, and keys. */
  readonly resources: Readonly<Record<string, readonly [arn: string, keys?: readonly number[]]>>;
  readonly actions: Readonly<Record<string, ActionRow>>;
};

/** An action: level, the kinds of resources that it is about, its keys, and the actions that it needs besides. */
export type ActionRow = readonly [
  level: AccessLevel,
  on?: readonly ResourceRow[],
  keys?: readonly number[],
  dependent?: readonly string[],
];

/** A kind of resource of an action: its name, whether a call always names one, keys, and actions needed besides. */
export type ResourceRow = readonly [
  resource: string,
  isRequired: 0 | 1,
  keys?: readonly number[],
  dependent?: readonly string[],
];

/** Which release of the data it was compiled from; and, of each service, the place and length of its line in bytes. */
export type DataIndex = {
  readonly source: string;
  readonly version: string;
  readonly services: Readonly<Record<string, readonly [start: number, length: number]>>;
};

/** A key of AWS's lists in lower case; where a tag's name or the like follows, up to there. */
export const listedKey = (key: string): string =>
  key.toLowerCase().replace(/(?:[$<].*|(?<=\/)(?:tag-?key|key)>?)$/s, '');

/** The actions of a service, as a proof looks at them. */
export function actionsIn(service: string, { keys, resources, actions }: ServiceData): KnownAction[] {
  const named = (places: readonly number[] = []): string[] =>
    places.map((place) => listedKey(keys[place] ?? ''));
  return Object.entries(actions).map(([name, [, on = [], own]]) => ({
    name: `${service}:${name}`,
    keys: named(own),
    resources: on.flatMap(([resource, , keysOnIt]) => {
      const [arn, keysOfIt] = resources[resource] ?? [];
      if (arn === undefined) return [];
      return [{ arn: withWildcards(arn), keys: [...named(keysOnIt), ...named(keysOfIt)] }];
    }),
  }));
}

/** An ARN with `*` in place of what differs. */
export const withWildcards = (arn: string): string => arn.replace(/\$\{[^}]*\}/g, '*').replace(/\*+/g, '*');

/** The service's keys that may have several values. */
export const keysOfSeveral = ({ keys, ofSeveral }: ServiceData): string[] =>
  ofSeveral.map((place) => listedKey(keys[place] ?? ''));
