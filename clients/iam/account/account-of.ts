import type {
  Account,
  AccountPart,
  AccountPolicy,
  AccountRole,
  AccountUser,
  Gap,
  SeenCall,
  SeenCalls,
} from '../../../policy/account/account.ts';
import { actionOfEvent } from '../../../policy/audit/action-of-event.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { parsePolicy } from '../../../policy/parse/parse-policy.ts';
import type { PolicyType } from '../../../policy/parse/policy-model.ts';
import type { Collected, CollectedCalls } from './collected-account.ts';
import { readCredentialReport } from './read-credential-report.ts';

type Details = Collected['authorizationDetails'];
type Document = string | object;

/** The API answers documents as URLs hold them; the command line of AWS decodes them. */
function textOf(document: Document): string {
  if (typeof document !== 'string') return JSON.stringify(document);
  try {
    return document.startsWith('%7B') ? decodeURIComponent(document) : document;
  } catch {
    return document;
  }
}

function policyOf(name: string, document: Document, type: PolicyType, isInline: boolean): AccountPolicy {
  const text = textOf(document);
  const read = parsePolicy(text, type);
  return { name, text, isInline, ...(read.ok && { policy: read.policy }) };
}

const dated = <Name extends string>(name: Name, value: string | Date | undefined) =>
  value === undefined ? {} : ({ [name]: new Date(value) } as Record<Name, Date>);

/** Why each part that is missing is missing. */
function gapsOf(collected: Collected): Gap[] {
  const parts: readonly [AccountPart, keyof Collected][] = [
    ['credential report', 'credentialReport'],
    ['account summary', 'accountSummary'],
    ['password policy', 'passwordPolicy'],
    ['analyzers', 'analyzers'],
    ['trails', 'trails'],
    ['last accessed', 'lastAccessed'],
    ['service control policies', 'serviceControlPolicies'],
    ['resource control policies', 'resourceControlPolicies'],
    ['calls', 'calls'],
  ];
  return (
    parts
      // Calls may be there in part: then there is a gap all the same.
      .filter(([, name]) => collected[name] === undefined || collected.gaps[name] !== undefined)
      .map(([part, name]) => ({ part, why: collected.gaps[name] ?? 'it was not collected' }))
  );
}

/** One that is attached to several levels is one policy; AWS's own, which allows everything, is there to no purpose. */
function distinct(attached: NonNullable<Collected['resourceControlPolicies']>) {
  const byText = new Map(attached.map((entry) => [`${entry.Name} ${textOf(entry.Content)}`, entry]));
  return [...byText.values()].filter(({ Name }) => Name !== 'RCPFullAWSAccess');
}

type Services = NonNullable<Collected['lastAccessed']>[string];

const servicesOf = (services: Services | undefined) =>
  services && {
    services: services.map((entry) => ({
      service: entry.ServiceNamespace,
      ...dated('lastUsed', entry.LastAuthenticated),
      ...(entry.TrackedActionsLastAccessed && {
        actions: entry.TrackedActionsLastAccessed.map((action) => ({
          name: action.ActionName,
          ...dated('lastUsed', action.LastAccessedTime),
        })),
      }),
    })),
  };

/** How events tell of a denial; services spell it in several ways. */
const DENIED = /AccessDenied|Unauthorized|NotAuthorized|^Forbidden|^403/i;

function seenOf(
  { seen, events, unread, from, until, dataEventsOf }: CollectedCalls,
  data: IamData,
): SeenCalls {
  let unnamed = 0;
  const calls = seen.flatMap(({ source, name, error, count, last, ...entry }): SeenCall[] => {
    const what = actionOfEvent({ source, name }, data);
    if (what === undefined) unnamed += count;
    const { principal, resources, region } = entry;
    const call = {
      principal,
      resources,
      region,
      count,
      last: new Date(last),
      isAllowed: !DENIED.test(error),
    };
    return what === undefined ? [] : [{ ...call, what }];
  });
  const dataOf = dataEventsOf.flatMap((source) => actionOfEvent({ source, name: '' }, data) ?? []);
  return {
    ...{ calls, events, unread: unread + unnamed, dataOf: new Set(dataOf) },
    ...dated('from', from),
    ...dated('until', until),
  };
}

/** An account to be judged, of what was collected. A managed policy that is not among it can not be read. */
export function accountOf(collected: Collected, data: IamData): Account {
  const { authorizationDetails: details, account: id, collectedAt } = collected;
  const managed = new Map(
    details.Policies.map((entry): [string, AccountPolicy] => [entry.Arn, managedOf(entry)]),
  );
  const attachedOf = (attached: Details['UserDetailList'][number]['AttachedManagedPolicies']) =>
    attached.map(
      ({ PolicyArn, PolicyName }) =>
        managed.get(PolicyArn) ?? { name: PolicyName, text: '', isInline: false },
    );
  const boundaryOf = (boundary: { PermissionsBoundaryArn: string } | undefined) => {
    const found = boundary && managed.get(boundary.PermissionsBoundaryArn);
    if (!boundary) return {};
    const name = boundary.PermissionsBoundaryArn;
    return {
      boundary: found ? policyOf(name, found.text, 'boundary', false) : { name, text: '', isInline: false },
    };
  };
  const groups = new Map(
    details.GroupDetailList.map((group) => [
      group.GroupName,
      [
        ...group.GroupPolicyList.map((entry) =>
          policyOf(entry.PolicyName, entry.PolicyDocument, 'identity', true),
        ),
        ...attachedOf(group.AttachedManagedPolicies),
      ],
    ]),
  );
  const report =
    collected.credentialReport === undefined ? undefined : readCredentialReport(collected.credentialReport);
  const users = details.UserDetailList.map((user): AccountUser => {
    const row = report?.find((entry) => entry.user === user.UserName);
    return {
      name: user.UserName,
      arn: user.Arn,
      policies: [
        ...user.UserPolicyList.map((entry) =>
          policyOf(entry.PolicyName, entry.PolicyDocument, 'identity', true),
        ),
        ...attachedOf(user.AttachedManagedPolicies),
      ],
      groupPolicies: user.GroupList.flatMap((name) => groups.get(name) ?? []),
      ...boundaryOf(user.PermissionsBoundary),
      ...dated('created', user.CreateDate),
      ...servicesOf(collected.lastAccessed?.[user.Arn]),
      ...(row && { credentials: row }),
    };
  });
  const roles = details.RoleDetailList.map((role): AccountRole => {
    return {
      name: role.RoleName,
      arn: role.Arn,
      path: role.Path,
      policies: [
        ...role.RolePolicyList.map((entry) =>
          policyOf(entry.PolicyName, entry.PolicyDocument, 'identity', true),
        ),
        ...attachedOf(role.AttachedManagedPolicies),
      ],
      trust: policyOf('trust', role.AssumeRolePolicyDocument, 'trust', true),
      ...boundaryOf(role.PermissionsBoundary),
      ...dated('created', role.CreateDate),
      ...dated('lastUsed', role.RoleLastUsed?.LastUsedDate),
      ...servicesOf(collected.lastAccessed?.[role.Arn]),
    };
  });
  const { accountSummary, passwordPolicy } = collected;
  return {
    ...{ id, users, roles, collectedAt: new Date(collectedAt), gaps: gapsOf(collected) },
    managed: [...managed.values()],
    serviceControl: (collected.serviceControlPolicies ?? []).map(({ Name, Content, Target }) => ({
      ...policyOf(Name, Content, 'scp', false),
      ...(Target !== undefined && { level: Target }),
    })),
    resourceControl: distinct(collected.resourceControlPolicies ?? []).map(({ Name, Content }) =>
      policyOf(Name, Content, 'rcp', false),
    ),
    ...(collected.calls && { seen: seenOf(collected.calls, data) }),
    ...(accountSummary && {
      root: {
        hasKeys: (accountSummary.AccountAccessKeysPresent ?? 0) > 0,
        hasMfa: (accountSummary.AccountMFAEnabled ?? 0) > 0,
      },
    }),
    ...(passwordPolicy !== undefined && {
      passwordPolicy: passwordPolicy && {
        minimumLength: passwordPolicy.MinimumPasswordLength,
        preventsReuseOf: passwordPolicy.PasswordReusePrevention,
      },
    }),
    ...(collected.analyzers && {
      analyzers: collected.analyzers.map(({ type, status }) => ({ type, isActive: status === 'ACTIVE' })),
    }),
    ...(collected.trails && {
      trails: collected.trails.map((trail) => ({
        isMultiRegion: trail.IsMultiRegionTrail,
        isLogging: trail.IsLogging,
      })),
    }),
  };
}

/** A managed policy, as it is in force. */
export function managedOf({
  Arn,
  PolicyName,
  DefaultVersionId,
  PolicyVersionList,
}: Details['Policies'][number]): AccountPolicy {
  const version = PolicyVersionList.find(
    ({ VersionId, IsDefaultVersion }) => IsDefaultVersion || VersionId === DefaultVersionId,
  );
  const read = version
    ? policyOf(PolicyName, version.Document, 'identity', false)
    : { name: PolicyName, text: '', isInline: false };
  return { ...read, arn: Arn, isOfAws: /^arn:[^:]*:iam::aws:/.test(Arn) };
}
