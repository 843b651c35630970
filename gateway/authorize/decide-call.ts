import {
  type AuthorizationAnswer,
  type EntityJson,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { ObservedRules } from '../../lambdas/shared/domain/audit/call-record.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { remember } from '../../lambdas/shared/domain/remember.ts';
import type { IamData } from '../identify/iam/open-iam-data.ts';
import type { NamedCall, Need, Resource } from '../identify/named-call.ts';
import type { CompiledRules, RuleSet } from './compile-rules.ts';
import { GROUPS, otherAction, type ParameterTypes } from './rules-schema.ts';

/** What is known of a call beside what it names. */
export type CallFactsForRules = {
  readonly principal: Principal;
  readonly region: string;
  readonly hour: number;
  readonly isPresigned: boolean;
  readonly onBehalfOf: boolean;
  /** Calls of this principal and subject within a day, this one among them, by group. */
  readonly counts: Readonly<Record<string, number>>;
  readonly earlier: readonly string[];
};

export type CallDecision = (
  | { readonly outcome: 'permit'; readonly rules: readonly string[] }
  | { readonly outcome: 'forbid'; readonly rules: readonly string[]; readonly because: string }
  /** Nobody could allow it but people: how many of them, and how many with a code. */
  | {
      readonly outcome: 'needs-approval';
      readonly approvals: number;
      readonly stepUpApprovals: number;
      /** The rules that forbid it as things are. */
      readonly rules: readonly string[];
    }
) & {
  /** What rules that are only observed would have made of it; absent where they would have made the same. */
  readonly observed?: ObservedRules;
};

function inWords(decision: CallDecision): string {
  if (decision.outcome !== 'needs-approval') return decision.outcome === 'permit' ? 'allowed' : 'refused';
  const { approvals, stepUpApprovals: codes } = decision;
  return `${approvals} approval${approvals === 1 ? '' : 's'}${codes > 0 ? `, ${codes} with a code` : ''}`;
}

/** Catalog keys by the ARNs that they stand for. */
export type CatalogKeys = (arn: string) => readonly string[];

type Approvals = { readonly approvals: number; readonly stepUpApprovals: number };
/** As for grants: fewest people first, then without a code. */
const QUORUMS: readonly Approvals[] = [0, 1, 2, 3].flatMap((approvals) =>
  Array.from({ length: approvals + 1 }, (_, stepUpApprovals) => ({ approvals, stepUpApprovals })),
);

const arnOf = (resource: Resource): string => (resource.kind === 'known' ? resource.arn : resource.kind);

/** The group of an action by IAM's access level; undefined where IAM does not know it. */
export function groupOf(action: string, iam: IamData): string | undefined {
  const [prefix = '', short = ''] = action.split(':');
  const known = iam.service(prefix)?.action(short);
  return known && GROUPS[known.row[0]];
}

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  Long: (value) => Number.isSafeInteger(value),
  Boolean: (value) => typeof value === 'boolean',
  Set: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
};

/** The parameters that rules may look at. Undefined where one is of another type than the model says. */
function parametersFor(
  types: ParameterTypes,
  parameters: NamedCall['parameters'],
): Record<string, unknown> | undefined {
  const found = [...types].filter(([name]) => Object.hasOwn(parameters, name));
  if (found.some(([name, type]) => !FITS[type]?.(parameters[name]))) return undefined;
  return Object.fromEntries(found.map(([name]) => [name, parameters[name]]));
}

/** Characters of a question that is remembered: parameters may be long, and are callers'. */
const MOST_CHARACTERS = 4096;

/** What Cedar answers depends on the question alone, which has the digest of rules and schema; most calls ask what others asked. */
const askRemembered = remember(
  2000,
  ({ key }: { key: string; question: StatefulAuthorizationCall }) => key,
  ({ question }) => statefulIsAuthorized(question),
);
function authorize(question: StatefulAuthorizationCall): AuthorizationAnswer {
  const key = JSON.stringify(question);
  return key.length > MOST_CHARACTERS ? statefulIsAuthorized(question) : askRemembered({ key, question });
}

/** Decides calls by the rules. */
export function makeDecide(rules: CompiledRules, iam: IamData, catalogKeys: CatalogKeys) {
  function entities({ principal }: CallFactsForRules, { action, resource }: Need): EntityJson[] {
    const arn = arnOf(resource);
    return [
      {
        uid: { type: 'Principal', id: principal.id },
        attrs: { type: principal.type, status: principal.status },
        parents: principal.groups.map((id) => ({ type: 'Group', id })),
      },
      {
        uid: { type: 'Resource', id: arn },
        attrs: {
          arn,
          service: action.slice(0, action.indexOf(':')),
          account: resource.kind === 'known' ? (arn.split(':')[4] ?? '') : '',
          isKnown: resource.kind !== 'unknown',
        },
        parents: resource.kind === 'known' ? catalogKeys(arn).map((id) => ({ type: 'Catalog', id })) : [],
      },
    ];
  }

  /** The action as Cedar knows it: by its name where a rule names it, else as one of its service and group. */
  function cedarAction(action: string, group: string): string {
    if (rules.named.has(action)) return action;
    const service = action.slice(0, action.indexOf(':'));
    return otherAction(rules.services.has(service) ? service : 'other', group);
  }

  function askOnce(set: RuleSet, call: NamedCall, need: Need, facts: CallFactsForRules, people: Approvals) {
    const group = groupOf(need.action, iam);
    if (group === undefined)
      return { allowed: false, reasons: [], because: 'an action that IAM does not know' };
    const parameters = parametersFor(set.named.get(need.action)?.parameters ?? new Map(), call.parameters);
    if (!parameters)
      return { allowed: false, reasons: [], because: 'a parameter of another type than its model has' };
    const answer = authorize({
      principal: { type: 'Principal', id: facts.principal.id },
      action: { type: 'Action', id: cedarAction(need.action, group) },
      resource: { type: 'Resource', id: arnOf(need.resource) },
      context: {
        operation: call.operation.name,
        region: facts.region,
        ...people,
        hour: facts.hour,
        presigned: facts.isPresigned,
        onBehalfOf: facts.onBehalfOf,
        counts: { ...Object.fromEntries(Object.values(GROUPS).map((each) => [each, 0])), ...facts.counts },
        earlier: [...facts.earlier],
        parameters: parameters as Record<string, never>,
      },
      entities: entities(facts, need),
      preparsedPolicySetId: need.resource.kind === 'unknown' ? set.unknownSetId : set.policySetId,
      preparsedSchemaName: rules.schemaName,
      validateRequest: true,
    });
    // INVARIANT: any error refuses. Cedar skips a rule that errs, and a forbid that is skipped would let through.
    if (answer.type === 'failure') {
      return { allowed: false, reasons: [], because: answer.errors.map(({ message }) => message).join('; ') };
    }
    const { decision, diagnostics } = answer.response;
    const [error] = diagnostics.errors;
    if (error) return { allowed: false, reasons: [], because: `${error.policyId}: ${error.error.message}` };
    return { allowed: decision === 'allow', reasons: [...diagnostics.reason].sort(), because: '' };
  }

  /** What hands out credentials is allowed by a rule that names it, and by none that names a group. */
  const isNamed = (action: string, reasons: readonly string[]) =>
    reasons.some((id) => rules.scopes.get(id)?.has(action));

  function decideNeed(set: RuleSet, call: NamedCall, need: Need, facts: CallFactsForRules): CallDecision {
    let first: { reasons: readonly string[]; because: string } | undefined;
    for (const people of QUORUMS) {
      const { allowed, reasons, because } = askOnce(set, call, need, facts, people);
      first ??= { reasons, because };
      if (!allowed) continue;
      if (call.operation.answersCredentials && !isNamed(need.action, reasons)) {
        return { outcome: 'forbid', rules: [], because: 'it hands out credentials, and no rule names it' };
      }
      if (facts.isPresigned && people.approvals > 0) break;
      return people.approvals === 0
        ? { outcome: 'permit', rules: reasons }
        : { outcome: 'needs-approval', ...people, rules: first.reasons };
    }
    const { reasons = [], because = '' } = first ?? {};
    return { outcome: 'forbid', rules: reasons, because: because || 'no rule allows it' };
  }

  /** Every need must be allowed; of approvals the most that any of them takes. */
  function decideBy(
    set: RuleSet,
    call: NamedCall,
    needs: readonly Need[],
    facts: CallFactsForRules,
  ): CallDecision {
    const decisions = needs.map((need) => decideNeed(set, call, need, facts));
    const forbidden = decisions.find(({ outcome }) => outcome === 'forbid');
    if (forbidden || decisions.length === 0) {
      return forbidden ?? { outcome: 'forbid', rules: [], because: 'nothing is known of what it needs' };
    }
    const people = decisions.flatMap((decision) => (decision.outcome === 'needs-approval' ? [decision] : []));
    if (people.length > 0) {
      return {
        outcome: 'needs-approval',
        approvals: Math.max(...people.map(({ approvals }) => approvals)),
        stepUpApprovals: Math.max(...people.map(({ stepUpApprovals }) => stepUpApprovals)),
        rules: [...new Set(people.flatMap(({ rules: ids }) => ids))],
      };
    }
    return {
      outcome: 'permit',
      rules: [...new Set(decisions.flatMap((decision) => ('rules' in decision ? decision.rules : [])))],
    };
  }

  return (call: NamedCall, needs: readonly Need[], facts: CallFactsForRules): CallDecision => {
    const decision = decideBy(rules.deciding, call, needs, facts);
    // What is refused already is refused whatever they would say.
    if (!rules.observing || decision.outcome === 'forbid') return decision;
    const would = decideBy(rules.observing, call, needs, facts);
    if (inWords(would) === inWords(decision)) return decision;
    const others = would.rules.filter((id) => !decision.rules.includes(id));
    return { ...decision, observed: { would: inWords(would), rules: others } };
  };
}
export type Decide = ReturnType<typeof makeDecide>;
