import type { AccountRole } from '../../account/account.ts';
import type { OpenPath } from '../../check/escalation/find-paths.ts';
import type { Statement } from '../../parse/policy-model.ts';
import { layersOfAction, ownPolicy } from '../../questions/satisfiable.ts';
import { statementFor } from '../known-keys.ts';
import type { Held } from '../principal-layers.ts';
import type { IsPossible } from './is-possible.ts';
import { type Caller, meansCaller, type Naming } from './means-caller.ts';
import { meansResource } from './means-resource.ts';

/** A step from one principal to another, or into the account. */
export type Step = {
  readonly from: string;
  /** The ARN of a user or role; `*` where whoever is there may give itself anything. */
  readonly to: string;
  /** The action or the way to escalate by which it is taken. */
  readonly by: string;
};

/** Actions by which somebody becomes another user. */
const TAKING_USERS = ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile'] as const;

/** Services whose machines run with roles that trust another name than their own. */
const RUNS_AS: Readonly<Record<string, string>> = {
  ssm: 'ec2',
  ecs: 'ecs-tasks',
  'ec2-instance-connect': 'ec2',
};

const EVERYTHING = ownPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }]);

/** Whether some request of an action on one resource is allowed; what is not decided is taken for possible. */
type May = (action: string, arn: string) => boolean;
type Layers = readonly (readonly Statement[])[];

/** Asks of somebody's layers, with what they say of each action looked up once. */
function makeMay({ layers, keys }: Held, isPossible: IsPossible) {
  const looked = new Map<string, Layers | undefined>();
  const about = (action: string): Layers | undefined => {
    if (!looked.has(action))
      looked.set(
        action,
        layersOfAction(layers, action)?.map((policies) => policies.flatMap(({ statements }) => statements)),
      );
    return looked.get(action);
  };
  return (action: string, arn: string): boolean => {
    const found = about(action);
    if (!found) return false;
    const named = found.map((layer) => layer.filter((statement) => meansResource(statement, arn, keys)));
    return isPossible(named);
  };
}

/** What a role's trust and the resource control policies say of one way to assume it. */
const trustLayers = (
  role: AccountRole,
  limits: Held['resourceControl'],
  action: string,
): Layers | undefined =>
  role.trust.policy &&
  layersOfAction([[role.trust.policy], ...limits], action)?.map((policies) =>
    policies.flatMap(({ statements }) => statements),
  );

/** Asks of a role whom its trust lets in by an action, under some condition; what is not decided counts as yes. */
export function makeTrusts(
  { role, resourceControl }: Pick<Held, 'role' | 'resourceControl'>,
  action: string,
  isPossible: IsPossible,
) {
  const about = role && trustLayers(role, resourceControl, action);
  /** How a caller with these keys is let in: named itself, or left to its account. `more` limits what is asked. */
  return (caller: Caller, keys: Held['keys'], more: Layers = []): ReadonlySet<Naming> => {
    const found = new Set<Naming>();
    if (!about || !role) return found;
    const [trust = [], ...limits] = about.map((layer) =>
      layer.flatMap((statement): Meant[] => {
        const how = meansCaller(statement, caller);
        if (how === undefined || !meansResource(statement, role.arn, keys)) return [];
        const left = statementFor(statement, keys);
        return left ? [{ statement: left, how }] : [];
      }),
    );
    for (const how of ['itself', 'account'] as const) {
      const naming = trust.filter((entry) => entry.statement.effect === 'Deny' || entry.how === how);
      if (naming.some(({ statement }) => statement.effect === 'Allow'))
        if (
          isPossible([
            ...[naming, ...limits].map((layer) => layer.map(({ statement }) => statement)),
            ...more,
          ])
        )
          found.add(how);
    }
    return found;
  };
}
type Meant = { readonly statement: Statement; readonly how: Naming };

/** Of each principal what a step to it takes, worked out once for all who might take it. */
export type Target = {
  readonly arn: string;
  readonly isRole: boolean;
  readonly trusts: ReturnType<typeof makeTrusts>;
  /** Services that its trust lets in. */
  readonly services: readonly string[];
};

export const targetsOf = (principals: readonly Held[], isPossible: IsPossible): Target[] =>
  principals.map((held) => ({
    arn: held.arn,
    isRole: held.role !== undefined,
    trusts: makeTrusts(held, 'sts:AssumeRole', isPossible),
    services: held.role ? servicesOf(held.role) : [],
  }));

/**
 * Where a principal can go: roles that it may assume, users that it may become, and roles that it can have a service run
 * its code with. Each is possible with Deny statements, conditions, boundary and policies of the organisation counted.
 */
export function stepsFrom(
  from: Held,
  paths: readonly OpenPath[],
  targets: readonly Target[],
  isPossible: IsPossible,
): Step[] {
  const own = paths.find(({ path }) => path.category === 'self-escalation');
  // Whoever can give itself anything needs no other step.
  if (own) return [{ from: from.arn, to: '*', by: own.path.id }];
  const may: May = makeMay(from, isPossible);
  const [identity = [], ...limits] = from.layers;
  // A trust that names who it means needs no policy of theirs; what denies or bounds them counts all the same.
  const mayWhereNamed: May = makeMay({ ...from, layers: [[...identity, EVERYTHING], ...limits] }, isPossible);
  const passing = paths.find(({ path }) => path.category === 'new-passrole');
  const running = new Map(
    paths.flatMap(({ path }) =>
      path.category === 'existing-passrole'
        ? [path.needs].flat(2).map(({ action }) => [serviceRunning(action), path.id] as const)
        : [],
    ),
  );
  const caller: Caller = { kind: 'arn', arn: from.arn };
  return targets.flatMap((target): Step[] => {
    if (target.arn === from.arn) return [];
    const way = target.isRole ? wayIntoRole(target) : wayIntoUser(target.arn);
    return way === undefined ? [] : [{ from: from.arn, to: target.arn, by: way }];
  });

  function wayIntoUser(arn: string): string | undefined {
    return TAKING_USERS.find((action) => may(action, arn));
  }

  function wayIntoRole({ arn, trusts, services }: Target): string | undefined {
    const how = trusts(caller, from.keys);
    if (how.has('itself') && mayWhereNamed('sts:AssumeRole', arn)) return 'sts:AssumeRole';
    if (how.has('account') && may('sts:AssumeRole', arn)) return 'sts:AssumeRole';
    if (may('iam:UpdateAssumeRolePolicy', arn)) return 'iam:UpdateAssumeRolePolicy';
    if (services.length === 0) return undefined;
    if (passing && may('iam:PassRole', arn)) return passing.path.id;
    return services.map((name) => running.get(name)).find((id) => id !== undefined);
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
