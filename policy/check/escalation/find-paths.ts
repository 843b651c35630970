import { type IamData, type PolicyWorth, WORTHS } from '../../data/iam-data.ts';
import { oncePerObject } from '../../parse/once-per-object.ts';
import type { Policy } from '../../parse/policy-model.ts';
import { makeReference } from '../../prove/prove.ts';
import type { PolicyLayers } from '../../prove/rules/compile-policies.ts';
import type { ShownRequest } from '../../prove/shown-request.ts';
import { layersOfAction } from '../../questions/satisfiable.ts';
import { isAtLeast, type Severity } from '../finding.ts';
import { ALL_PATHS } from './all-paths.ts';
import {
  attachableOf,
  attaching,
  attachingOwn,
  attachingUnknown,
  ownPatterns,
  saysWhatIsAttached,
} from './attachable-policies.ts';
import { type Around, isPossible, NOTHING, type Possible, partitionOf } from './is-possible.ts';
import type { EscalationPath, Need } from './path.ts';

/** A path that is open, by a request for each action that it needs. */
export type OpenPath = {
  readonly path: EscalationPath;
  readonly requests: readonly ShownRequest[];
  /** False where some step could not be decided. */
  readonly isProved: boolean;
  /** What the policies open that may be attached, where conditions say which. */
  readonly attached?: Attached;
};

/** No worse than the worst that may be attached; `unknown`: one that may be, of which nothing is known. */
export type Attached = { readonly worst: Exclude<PolicyWorth, 'none'>; readonly unknown?: string };

type Answer = Possible & { readonly attached?: Attached };

/** What is known beside the policies. */
export type Known = {
  readonly data: IamData;
  /** Policies that could be attached, by ARN, beside AWS's own. */
  readonly managed?: ReadonlyMap<string, Policy>;
  /** ARNs of an account's policies that cannot be read, where all others are among those; absent: there may be any. */
  readonly unknownOfAccount?: readonly string[];
};

/**
 * The paths that are open to whoever has these policies: every action that a path needs is allowed on a resource that
 * it takes, with Deny statements, conditions, boundaries and service control policies counted. Each layer limits the
 * others.
 */
export function findPaths(
  layers: PolicyLayers,
  known: Known,
  paths: readonly EscalationPath[] = ALL_PATHS,
): OpenPath[] {
  const answers = new Map<string, Answer | undefined>();
  const partition = partitionOf(layers);
  const ask = (need: Need): Answer | undefined => {
    const key = writtenAs(need);
    if (!answers.has(key)) {
      const around = { ...known, partition };
      answers.set(
        key,
        need.attaches ? isWorthAttaching(layers, need, around) : isPossible(layers, need, around),
      );
    }
    return answers.get(key);
  };
  return paths.flatMap((path) => {
    const found = path.category === 'impact' ? everyImpact(path, ask) : everyNeed(path, ask);
    if (!found) return [];
    const attached = found.find((answer) => answer.attached)?.attached;
    return [
      {
        path,
        requests: found.flatMap(({ request }) => request ?? []),
        isProved: found.every(({ isProved }) => isProved),
        ...(attached && { attached }),
      },
    ];
  });
}

/** The same for needs that are the same. */
const writtenAs = oncePerObject((need: Need): string => JSON.stringify(need));

/** With what holds of all that is asked. */
type AroundAll = Known & Around;

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

/** How grave it is: no more than what may be attached, where that is limited. */
export const severityOf = ({ path, attached }: OpenPath): Severity =>
  attached && isAtLeast(path.severity, attached.worst) ? attached.worst : path.severity;

/** Ways alone count: what a policy does to others gives nothing to who attaches it. */
const WAYS = ALL_PATHS.filter(({ category }) => category !== 'impact');

/** What a policy opens to whoever has it. */
export function worthOf(policy: Policy, data: IamData): PolicyWorth {
  const open = findPaths([[policy]], { data }, WAYS);
  return WORTHS.find((worth) => open.some((way) => severityOf(way) === worth)) ?? 'none';
}

const worthsOf = oncePerObject(
  ({ data, managed = new Map() }: Known): ReadonlyMap<string, PolicyWorth> =>
    new Map([...managed].map(([arn, policy]) => [arn, worthOf(policy, data)])),
);

/**
 * Whether a policy that escalates can be attached. Where no condition says which policies may be, any can. Else it is
 * as grave as what the worst of them opens; nothing, where none of them opens anything. Of a policy that is not known
 * it is not known what it opens, and that is told as such, unless the caller can write it too.
 */
function isWorthAttaching(layers: PolicyLayers, need: Need, around: AroundAll): Answer | undefined {
  const about = layersOfAction(layers, need.action);
  if (!about) return undefined;
  if (!saysWhatIsAttached(about)) return isPossible(layers, need, around);
  const isOwnAttached = isPossible(layers, need, around, { requests: attachingOwn() });
  if (isOwnAttached && canWrite(layers, ownPatterns(about), around)) return isOwnAttached;
  const attachable = attachableOf(about, around.data.managedPolicies(), worthsOf(around));
  for (const worst of WORTHS) {
    const arns = attachable.get(worst);
    const answer = arns && isPossible(layers, need, around, { requests: attaching(arns) });
    if (answer) return { ...answer, attached: { worst } };
  }
  const requests = attachingUnknown(about, attachable, around.unknownOfAccount);
  if (!requests) return undefined;
  const harmless = attachable.get('none');
  const beyond = harmless ? makeReference([[attaching(harmless)]]) : NOTHING;
  const answer = isPossible(layers, need, around, { requests, beyond });
  const [unknown = 'it'] = [answer?.request?.context['iam:policyarn'] ?? []].flat();
  return answer && { ...answer, attached: { worst: 'medium', unknown } };
}

/** Whether the caller can make a policy of one of these names. */
const canWrite = (layers: PolicyLayers, patterns: readonly string[], around: AroundAll): boolean =>
  patterns.length > 0 &&
  isPossible(layers, { action: 'iam:CreatePolicy', besides: patterns }, around) !== undefined;
