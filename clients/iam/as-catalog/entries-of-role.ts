import {
  type AccessLevel,
  accessLevelOf,
  type CatalogResource,
  catalogResourceSchema,
  type ResourceKind,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { problemsOfCatalog } from '../../../lambdas/shared/domain/catalog/check-catalog.ts';
import { formOf, KIND_FORMS } from '../../../lambdas/shared/domain/catalog/iam/kind-forms.ts';
import { problemOfEntry } from '../../../lambdas/shared/domain/catalog/iam/problem-of-entry.ts';
import { isWidening } from '../../../lambdas/shared/domain/catalog/iam/problem-of-widening.ts';
import type { SeenCall } from '../../../policy/account/account.ts';
import { whereverDeployed } from '../../../policy/arn/wherever-deployed.ts';
import { actionFacts, type IamData } from '../../../policy/data/iam-data.ts';
import { groupBy } from '../../../policy/group-by.ts';

/** What was used and is not suggested, with why: somebody has to look at it. */
export type LeftOut = { readonly action: string; readonly resource?: string; readonly why: string };

export type Suggested = {
  readonly entries: readonly CatalogResource[];
  readonly leftOut: readonly LeftOut[];
};

/** A thing that an action was done to, as a catalog would list it. */
type Place = { readonly kind: ResourceKind; readonly arn: string };
type Used = Place & { readonly action: string };

/** Entries of a catalog for what somebody really did, narrow by default: restricted, and for fifteen minutes. */
export function entriesOf(name: string, calls: readonly SeenCall[], data: IamData): Suggested {
  const leftOut: LeftOut[] = [];
  const used = calls
    .filter(({ isAllowed }) => isAllowed)
    .flatMap((call): Used[] => {
      const found = placesOf(call, data);
      if (!('why' in found)) return found.map((place) => ({ ...place, action: call.what }));
      leftOut.push({ action: call.what, why: found.why });
      return [];
    });
  const iam = { services: [...data.services], serviceOf: data.serviceOf };
  const entries: CatalogResource[] = [];
  const keys = new Set<string>();
  for (const together of groupBy(withPrefixes(used), ({ kind, arn }) => `${kind} ${arn}`).values()) {
    const [{ kind, arn }] = together as [Used];
    const actions = [...new Set(together.map(({ action }) => action))].sort().filter((action) => {
      const why = isWidening(action, iam) ? 'it can widen access: list it by hand, and say why' : undefined;
      if (why) leftOut.push({ action, resource: arn, why });
      return !why;
    });
    if (actions.length === 0) continue;
    const entry = entryOf(name, { kind, arn }, actions, keys, data);
    const problem = entry.success
      ? (problemsOfCatalog({ version: 1, resources: [entry.data] })[0]?.problem ??
        problemOfEntry(entry.data, iam))
      : entry.error.issues[0]?.message;
    if (entry.success && problem === undefined) {
      entries.push(entry.data);
      keys.add(entry.data.key);
    } else
      for (const action of actions)
        leftOut.push({ action, resource: arn, why: problem ?? 'it fits no entry' });
  }
  return { entries, leftOut: unique(leftOut) };
}

const unique = (items: readonly LeftOut[]): LeftOut[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

/** Where a call was done; or why that cannot be said. */
function placesOf({ what, resources }: SeenCall, data: IamData): Place[] | { why: string } {
  const facts = actionFacts(data, what);
  if (!facts) return { why: 'the events do not say which action it was' };
  if (facts.resources.length === 0)
    return facts.level === 'R' || facts.level === 'L'
      ? [{ kind: 'service-wide', arn: '' }]
      : { why: 'it takes no resource, and changes something' };
  const places = resources.flatMap((arn) => placeOf(arn, what.split(':')[0] ?? ''));
  return places.length > 0 ? places : { why: 'no event names what it was done to' };
}

/** The kind that an ARN is of, and the ARN as that kind has it. */
function placeOf(arn: string, service: string): Place[] {
  const [, , own = '', , , ...rest] = arn.split(':');
  if (own !== service || /[*?]/.test(arn)) return [];
  if (service === 's3') return [{ kind: 's3-prefix', arn }];
  const trimmed = service === 'logs' ? arn.replace(/(:log-group:[^:]+).*$/, '$1') : arn;
  const resource = service === 'logs' ? trimmed.split(':').slice(5).join(':') : rest.join(':');
  const kind = (Object.keys(KIND_FORMS) as (keyof typeof KIND_FORMS)[]).find(
    (candidate) => formOf(candidate)?.service === service && formOf(candidate)?.resource.test(resource),
  );
  return [{ kind: kind ?? 'exact-arns', arn: trimmed }];
}

/** Of each bucket the folder that all its objects were in, which its listing goes by too. */
function withPrefixes(used: readonly Used[]): Used[] {
  const buckets = groupBy(
    used.filter(({ kind }) => kind === 's3-prefix'),
    ({ arn }) => arn.split('/')[0] ?? '',
  );
  const prefixOf = new Map(
    [...buckets].map(([bucket, inIt]) => {
      const folders = inIt
        .filter(({ arn }) => arn.includes('/'))
        .map(({ arn }) =>
          arn
            .slice(bucket.length + 1)
            .split('/')
            .slice(0, -1),
        );
      return [bucket, `${[bucket, ...commonStart(folders)].join('/')}/`] as const;
    }),
  );
  return used.map((entry) =>
    entry.kind === 's3-prefix'
      ? { ...entry, arn: prefixOf.get(entry.arn.split('/')[0] ?? '') ?? entry.arn }
      : entry,
  );
}

function commonStart([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  const end = first.findIndex((part, nth) => others.some((other) => other[nth] !== part));
  return end < 0 ? first : first.slice(0, end);
}

function entryOf(
  name: string,
  { kind, arn }: Place,
  actions: readonly string[],
  keys: ReadonlySet<string>,
  data: IamData,
) {
  const levels: Partial<Record<AccessLevel, string[]>> = {};
  for (const action of actions) {
    const level = levelOf(action, data);
    levels[level] = [...(levels[level] ?? []), action];
  }
  const service = actions[0]?.split(':')[0] ?? '';
  return catalogResourceSchema.safeParse({
    key: keyOf(arn === '' ? `${service}_wide` : arn, keys),
    kind,
    ...(arn !== '' && { arns: [whereverDeployed(arn)] }),
    ...(kind === 'secret' && { wholeArns: true }),
    purpose: `Suggested from what ${name} used: say here what it is, and what for`.slice(0, 300),
    sensitivity: 'restricted',
    actions: levels,
    maxDurationSeconds: 900,
  });
}

function levelOf(action: string, data: IamData): AccessLevel {
  const level = actionFacts(data, action)?.level;
  if (level === 'R' || level === 'L') return 'read';
  return level === 'P' ? 'admin' : 'write';
}

/** A key of the resource's name: the last part of its ARN that says something. */
function keyOf(arn: string, keys: ReadonlySet<string>): string {
  const words = (
    arn
      .split(':')
      .slice(arn.startsWith('arn:') ? 5 : 0)
      .join('_')
      .match(/[a-z0-9]+/gi) ?? ['entry']
  ).join('_');
  const plain = words.toLowerCase().replace(/^(?:table|function|log_group|secret|key|userpool)_(?=.)/, '');
  const key = `${/^[a-z]/.test(plain) ? '' : 'r_'}${plain}`.slice(0, 60).padEnd(2, '_');
  for (let nth = 2; keys.has(key) && nth < 1_000; nth += 1)
    if (!keys.has(`${key.slice(0, 59)}_${nth}`)) return `${key.slice(0, 59)}_${nth}`;
  return key;
}

/** Whether some action of an entry is at a level. */
export const hasLevel = (resource: CatalogResource, level: AccessLevel): boolean =>
  Object.values(resource.actions)
    .flat()
    .some((action) => accessLevelOf(resource, action) === level);
