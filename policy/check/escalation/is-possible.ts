import { actionFacts, type IamData } from '../../data/iam-data.ts';
import type { Pattern, Policy, Statement } from '../../parse/policy-model.ts';
import { makeReference, prove, type Reference } from '../../prove/prove.ts';
import type { PolicyLayers } from '../../prove/rules/compile-policies.ts';
import type { ShownRequest } from '../../prove/shown-request.ts';
import { layersOfAction, nothing, ownPolicy } from '../../questions/satisfiable.ts';
import { hasVariable, hasWildcard } from '../matched-actions.ts';
import { BUCKET } from '../names/may-share.ts';
import { ofEveryRequest } from './of-every-request.ts';
import type { Need } from './path.ts';

/** Each question is about one action: what is not decided in these steps is taken for possible. */
const STEPS = 20_000;

/** A need is possible: by a request, where it could be decided. */
export type Possible = { readonly request?: ShownRequest; readonly isProved: boolean };

export const NOTHING = makeReference([[nothing()]]);

/** The caller's own user, with and without a path. */
const OWN = makeReference([
  [
    ownPolicy([
      {
        Effect: 'Allow',
        Action: '*',
        Resource: ['arn:aws:iam::*:user/${aws:username}', 'arn:aws:iam::*:user/*/${aws:username}'],
      },
    ]),
  ],
]);

/** The roles that the policies name one by one. */
function namedRoles(layers: PolicyLayers): Reference {
  const named = layers
    .flat()
    .flatMap(({ statements }) => statements)
    .flatMap(({ resources }) => (resources && !resources.negated ? resources.items : []))
    .filter((pattern: Pattern) => !hasWildcard(pattern) && !hasVariable(pattern))
    .map(({ text }) => text);
  if (named.length === 0) return NOTHING;
  return makeReference([[ownPolicy([{ Effect: 'Allow', Action: '*', Resource: named }])]]);
}

/** A bucket's name has no slash: what has one is an object, which a call about buckets does not take. */
const OBJECTS = makeReference([
  [ownPolicy([{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::*/*' }])],
]);

const PARTITION = /^arn:(aws[a-z-]*):/;

/** Whether a statement takes resources away by their ARNs. */
const takesAway = ({ effect, resources }: Statement): boolean =>
  resources !== undefined &&
  (resources.negated || effect === 'Deny') &&
  resources.items.some(({ text }) => PARTITION.test(text));

/**
 * An account is of one partition. Where all that policies name is of one, what they take away there is not left over in
 * the others, where nobody of theirs is.
 */
export function partitionOf(layers: PolicyLayers): Policy[][] {
  const statements = layers.flat().flatMap((policy) => policy.statements);
  if (!statements.some(takesAway)) return [];
  const named = statements
    .flatMap(({ resources }) => resources?.items ?? [])
    .flatMap(({ text }) => PARTITION.exec(text)?.[1] ?? []);
  const [own, ...others] = new Set(named);
  if (own === undefined || others.length > 0) return [];
  return [[ownPolicy([{ Effect: 'Allow', Action: '*', Resource: `arn:${own}:*:*:*:*` }])]];
}

function beyondOf({ beyond }: Need, layers: PolicyLayers): Reference {
  if (beyond === 'own') return OWN;
  return beyond === 'named' ? namedRoles(layers) : NOTHING;
}

const scopes = new WeakMap<Need, Policy>();

/** Requests that carry what the need says. */
function scopeOf(need: Need): Policy[] {
  if (!need.carries) return [];
  const made =
    scopes.get(need) ??
    ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: need.carries } }]);
  scopes.set(need, made);
  return [made];
}

export type Around = {
  readonly data: IamData;
  readonly partition: readonly (readonly Policy[])[];
};

/** What a need is asked of besides: requests of a kind alone, and beyond what somebody has thought about. */
type Only = { readonly requests?: Policy; readonly beyond?: Reference };

/** Whether policies allow what is needed, with Deny statements, conditions and all layers counted. */
export function isPossible(
  layers: PolicyLayers,
  need: Need,
  { data, partition }: Around,
  only: Only = {},
): Possible | undefined {
  const about = layersOfAction(layers, need.action);
  if (!about) return undefined;
  const facts = actionFacts(data, need.action);
  const required = facts?.resources.filter(({ isRequired }) => isRequired).map(({ arn }) => arn) ?? [];
  const isOfBuckets = facts?.resources.length === 1 && facts.resources[0]?.arn === BUCKET;
  const reference = only.beyond ?? (isOfBuckets ? OBJECTS : beyondOf(need, about));
  const scope = [...scopeOf(need), ...(only.requests ? [only.requests] : [])];
  // A call that always names several resources has to be allowed on each.
  const { besides } = need;
  const questions: (readonly string[] | undefined)[] = [
    ...(required.length > 1 || besides ? [...new Set(required)].map((arn) => [arn]) : [undefined]),
    ...(besides ? [besides] : []),
  ];
  let last: Possible | undefined;
  for (const arns of questions) {
    const on = arns === undefined ? [] : [ownPolicy([{ Effect: 'Allow', Action: '*', Resource: arns }])];
    const isPlaced = facts !== undefined && facts.resources.length > 0;
    const limits = [
      ...[...scope, ...on].map((policy) => [policy]),
      ...(isPlaced ? partition : []),
      ...ofEveryRequest(about),
    ];
    const answer = prove([...about, ...limits], reference, { known: data.known, steps: STEPS });
    if (answer.verdict === 'within') return undefined;
    if (answer.verdict === 'wider') {
      // No call that AWS has shows it: the resource is of another kind, or a key is never there.
      if (facts && !answer.isKnown) return undefined;
      last = { request: answer.request, isProved: last?.isProved ?? true };
    } else last = { ...last, isProved: false };
  }
  return last;
}
