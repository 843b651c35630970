import type { AccountRole } from '../account/account.ts';
import type { OpenPath } from '../check/escalation/find-paths.ts';
import { matchResource } from '../evaluate/match-arn.ts';
import { matchPrincipals } from '../evaluate/match-principal.ts';
import { requestContext } from '../evaluate/request-context.ts';
import { groupBy } from '../group-by.ts';
import type { Policy, Principal } from '../parse/policy-model.ts';
import { layersOfAction, ownPolicy, satisfiable } from '../questions/satisfiable.ts';
import type { Held } from './principal-layers.ts';

/** A step from one principal to another, or into the account. */
export type Step = {
  readonly from: string;
  /** The ARN of a user or role; `*` where whoever is there may give itself anything. */
  readonly to: string;
  /** The action or the way to escalate by which it is taken. */
  readonly by: string;
};

/** Who is where a way into an account begins. */
export type Entry = {
  readonly from: string;
  readonly kind: 'credentials' | 'anybody' | 'other account' | 'identity provider' | 'service';
  readonly to: string;
};

const ASSUMING = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'] as const;
/** Actions by which somebody becomes another user. */
const TAKING_USERS = ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile'] as const;
const NO_CONTEXT = requestContext({});

/** Services whose machines run with roles that trust another name than their own. */
const RUNS_AS: Readonly<Record<string, string>> = {
  ssm: 'ec2',
  ecs: 'ecs-tasks',
  'ec2-instance-connect': 'ec2',
};

const layersOn = (action: string, arn: string): Policy[] => [
  ownPolicy([{ Effect: 'Allow', Action: action, Resource: arn }]),
];

/** Whether some request of an action on one resource is allowed; what is not decided is taken for possible. */
type May = (action: string, arn: string) => boolean;

/** Asks of these layers, with what they say of each action looked up once. */
function makeMay(layers: Held['layers']): May {
  const looked = new Map<string, Held['layers'] | undefined>();
  return (action, arn) => {
    if (!looked.has(action)) looked.set(action, layersOfAction(layers, action));
    const about = looked.get(action);
    if (!about?.[0]?.some((policy) => names(policy, arn))) return false;
    return satisfiable([...about, layersOn(action, arn)]).verdict !== 'within';
  };
}

/** Whether some Allow could mean a resource. A variable may be filled with anything: that is for the proof to say. */
const names = ({ statements }: Policy, arn: string): boolean =>
  statements.some(
    ({ effect, resources }) =>
      effect === 'Allow' &&
      (!resources ||
        resources.negated ||
        resources.items.some((item) => item.text.includes('${') || matchResource(item, arn, NO_CONTEXT))),
  );

/** Whether a trust lets a principal in by an action, under some condition; what is not decided counts as yes. */
function trusts(
  { trust }: AccountRole,
  principal: string,
  kind: 'AWS' | 'Service' | 'Federated',
  action: string,
) {
  if (!trust.policy) return false;
  const about = layersOfAction([[trust.policy]], action);
  if (!about) return false;
  const asking = ownPolicy([{ Effect: 'Allow', Principal: { [kind]: principal }, Action: action }], 'trust');
  return satisfiable([...about, [asking]]).verdict !== 'within';
}

/** How a trust means a principal of its own account: by name, or by leaving it to the account. */
function meant({ trust }: AccountRole, arn: string): 'itself' | 'account' | undefined {
  const matches = (trust.policy?.statements ?? []).flatMap(({ effect, principals }) =>
    effect === 'Allow' && principals ? (matchPrincipals(principals, { kind: 'aws', arn }, false) ?? []) : [],
  );
  if (matches.length === 0) return undefined;
  return matches.some((match) => match !== 'account') ? 'itself' : 'account';
}

/** Where ways into an account begin: people's credentials, and whoever a trust lets in from outside. */
export function findEntries(principals: readonly Held[], account: string): Entry[] {
  return principals.flatMap(({ user, role, arn }): Entry[] => {
    if (role) return entriesOf(role, account);
    const { credentials } = user ?? {};
    // Without a credential report nobody knows whether a user has any.
    const hasSome =
      !credentials || credentials.hasPassword || credentials.keys.some(({ isActive }) => isActive);
    return hasSome ? [{ from: 'a password or key', kind: 'credentials', to: arn }] : [];
  });
}

function entriesOf(role: AccountRole, account: string): Entry[] {
  const outside = new Map<string, Entry>();
  for (const { effect, principals } of role.trust.policy?.statements ?? []) {
    if (effect !== 'Allow' || !principals) continue;
    if (principals.negated) outside.set('anybody', { from: 'anybody', kind: 'anybody', to: role.arn });
    else
      for (const item of principals.items) {
        const entry = entryOf(item, role, account);
        if (entry) outside.set(entry.from, entry);
      }
  }
  return [...outside.values()];
}

function entryOf(principal: Principal, role: AccountRole, account: string): Entry | undefined {
  const to = role.arn;
  const letIn = (name: string, kind: 'AWS' | 'Service' | 'Federated') =>
    ASSUMING.some((action) => trusts(role, name, kind, action));
  switch (principal.kind) {
    case 'everyone':
      return letIn('*', 'AWS') ? { from: 'anybody', kind: 'anybody', to } : undefined;
    case 'account':
      return principal.accountId !== account && letIn(principal.accountId, 'AWS')
        ? { from: `account ${principal.accountId}`, kind: 'other account', to }
        : undefined;
    case 'arn': {
      const isOther = principal.arn.split(':')[4] !== account;
      return isOther && letIn(principal.arn, 'AWS')
        ? { from: principal.arn, kind: 'other account', to }
        : undefined;
    }
    case 'service':
      return letIn(principal.name, 'Service') ? { from: principal.name, kind: 'service', to } : undefined;
    case 'federated':
      return letIn(principal.provider, 'Federated')
        ? { from: principal.provider, kind: 'identity provider', to }
        : undefined;
    default:
      return undefined;
  }
}

const EVERYTHING = ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }]);

/**
 * Where a principal can go: roles that it may assume, users that it may become, and roles that it can have a service run
 * its code with. Each is possible with Deny statements, conditions, boundary and service control policies counted.
 */
export function stepsFrom(from: Held, paths: readonly OpenPath[], principals: readonly Held[]): Step[] {
  const own = paths.find(({ path }) => path.category === 'self-escalation');
  // Whoever can give itself anything needs no other step.
  if (own) return [{ from: from.arn, to: '*', by: own.path.id }];
  const may = makeMay(from.layers);
  const [identity = [], ...limits] = from.layers;
  // A trust that names who it means needs no policy of theirs; what denies or bounds them counts all the same.
  const mayWhereNamed = makeMay([[...identity, EVERYTHING], ...limits]);
  const passing = paths.find(({ path }) => path.category === 'new-passrole');
  const services = new Map(
    paths.flatMap(({ path }) =>
      path.category === 'existing-passrole'
        ? [path.needs].flat(2).map(({ action }) => [serviceRunning(action), path.id] as const)
        : [],
    ),
  );
  return principals.flatMap((target): Step[] => {
    if (target.arn === from.arn) return [];
    const way = target.role ? wayIntoRole(target.role) : wayIntoUser(target.arn);
    return way === undefined ? [] : [{ from: from.arn, to: target.arn, by: way }];
  });

  function wayIntoUser(arn: string): string | undefined {
    return TAKING_USERS.find((action) => may(action, arn));
  }

  function wayIntoRole(role: AccountRole): string | undefined {
    if (mayAssume(role)) return 'sts:AssumeRole';
    if (may('iam:UpdateAssumeRolePolicy', role.arn)) return 'iam:UpdateAssumeRolePolicy';
    const trusted = servicesOf(role);
    if (trusted.length === 0) return undefined;
    if (passing && may('iam:PassRole', role.arn)) return passing.path.id;
    return trusted.map((name) => services.get(name)).find((id) => id !== undefined);
  }

  function mayAssume(role: AccountRole): boolean {
    const how = meant(role, from.arn);
    if (how === undefined) return false;
    const isAllowed = how === 'itself' ? mayWhereNamed : may;
    return isAllowed('sts:AssumeRole', role.arn) && trusts(role, from.arn, 'AWS', 'sts:AssumeRole');
  }
}

const serviceRunning = (action: string): string => {
  const [service = ''] = action.split(':');
  return `${RUNS_AS[service] ?? service}.amazonaws.com`;
};

const servicesOf = ({ trust }: AccountRole): string[] =>
  (trust.policy?.statements ?? []).flatMap(({ effect, principals }) =>
    effect === 'Allow' && principals && !principals.negated
      ? principals.items.flatMap((item) => (item.kind === 'service' ? [item.name] : []))
      : [],
  );

/** Steps by where they begin, looked up once for as many questions as there are. */
export type Steps = ReadonlyMap<string, readonly Step[]>;
export const stepsByStart = (steps: readonly Step[]): Steps => groupBy(steps, ({ from }) => from);

/** Of whoever can be reached from where ways begin: the entry and the steps by which, the fewest. */
export function reachOf(
  entries: readonly Pick<Entry, 'from' | 'kind' | 'to'>[],
  steps: Steps,
  arns: readonly string[],
): ReadonlyMap<string, readonly Step[]> {
  const wayTo = new Map<string, readonly Step[]>();
  const open: string[] = [];
  const arrive = (arn: string, way: readonly Step[], step: Step): void => {
    if (wayTo.has(arn)) return;
    wayTo.set(arn, [...way, step]);
    open.push(arn);
  };
  for (const { from, to, kind } of entries) arrive(to, [], { from, to, by: kind });
  for (let nth = 0; nth < open.length && wayTo.size < arns.length; nth += 1) {
    const start = open[nth] as string;
    const way = wayTo.get(start) ?? [];
    for (const step of steps.get(start) ?? [])
      for (const arn of step.to === '*' ? arns : [step.to]) arrive(arn, way, step);
  }
  return wayTo;
}
