import { actionFacts, type IamData } from '../../data/iam-data.ts';
import { oncePerObject } from '../../parse/once-per-object.ts';
import type { Pattern, Policy, Statement } from '../../parse/policy-model.ts';
import { makeReference, prove, type Reference } from '../../prove/prove.ts';
import type { PolicyLayers } from '../../prove/rules/compile-policies.ts';
import type { ShownRequest } from '../../prove/shown-request.ts';
import { layersOfAction, nothing, ownPolicy } from '../../questions/satisfiable.ts';
import { hasVariable, hasWildcard } from '../matched-actions.ts';
import { BUCKET } from '../names/may-share.ts';
import { ALL_PATHS } from './all-paths.ts';
import { ofEveryRequest } from './of-every-request.ts';
import type { EscalationPath, Need } from './path.ts';

/** Each question is about one action: what is not decided in these steps is taken for possible. */
const STEPS = 20_000;

/** A path that is open, by a request for each action that it needs. */
export type OpenPath = {
  readonly path: EscalationPath;
  readonly requests: readonly ShownRequest[];
  /** False where some step could not be decided. */
  readonly isProved: boolean;
};

type Answer = { readonly request?: ShownRequest; readonly isProved: boolean };

/**
 * The paths that are open to whoever has these policies: every action that a path needs is allowed on a resource that
 * it takes, with Deny statements, conditions, boundaries and service control policies counted. Each layer limits the
 * others.
 */
export function findPaths(
  layers: PolicyLayers,
  data: IamData,
  paths: readonly EscalationPath[] = ALL_PATHS,
): OpenPath[] {
  const answers = new Map<string, Answer | undefined>();
  const partition = partitionOf(layers);
  const ask = (need: Need): Answer | undefined => {
    const key = writtenAs(need);
    if (!answers.has(key)) answers.set(key, isPossible(layers, need, { data, partition }));
    return answers.get(key);
  };
  return paths.flatMap((path) => {
    const found = path.category === 'impact' ? everyImpact(path, ask) : everyNeed(path, ask);
    if (!found) return [];
    return [
      {
        path,
        requests: found.flatMap(({ request }) => request ?? []),
        isProved: found.every(({ isProved }) => isProved),
      },
    ];
  });
}

/** The same for needs that are the same. */
const writtenAs = oncePerObject((need: Need): string => JSON.stringify(need));

type Ask = (need: Need) => Answer | undefined;

/** An answer for each need, where there is one for all. */
function everyNeed({ needs }: EscalationPath, ask: Ask): Answer[] | undefined {
  const found: Answer[] = [];
  for (const need of needs) {
    const answer = [need]
      .flat()
      .reduce<Answer | undefined>((before, alternative) => before ?? ask(alternative), undefined);
    if (!answer) return undefined;
    found.push(answer);
  }
  return found;
}

/** All that is possible of a list of which one is enough. */
function everyImpact({ needs }: EscalationPath, ask: Ask): Answer[] | undefined {
  const found = needs.flat().flatMap((need) => ask(need) ?? []);
  return found.length > 0 ? found : undefined;
}

const NOTHING = makeReference([[nothing()]]);

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
function partitionOf(layers: PolicyLayers): Policy[][] {
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

type Around = { readonly data: IamData; readonly partition: readonly (readonly Policy[])[] };

function isPossible(layers: PolicyLayers, need: Need, { data, partition }: Around): Answer | undefined {
  const about = layersOfAction(layers, need.action);
  if (!about) return undefined;
  const facts = actionFacts(data, need.action);
  const required = facts?.resources.filter(({ isRequired }) => isRequired).map(({ arn }) => arn) ?? [];
  const isOfBuckets = facts?.resources.length === 1 && facts.resources[0]?.arn === BUCKET;
  const reference = isOfBuckets ? OBJECTS : beyondOf(need, about);
  const scope = scopeOf(need);
  // A call that always names several resources has to be allowed on each.
  const { besides } = need;
  const questions: (readonly string[] | undefined)[] = [
    ...(required.length > 1 || besides ? [...new Set(required)].map((arn) => [arn]) : [undefined]),
    ...(besides ? [besides] : []),
  ];
  let last: Answer | undefined;
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
