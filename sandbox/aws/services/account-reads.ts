import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { RoleSpec } from '../../template/types.ts';
import type { Observation } from '../authorize.ts';
import type { CredentialStore, Roles } from '../credential-store.ts';
import type { AwsCall, AwsCaller, PolicyDocument } from '../types.ts';

/** Roles in one page, where a caller asks for no other number. */
const PAGE = 100;

const encoded = (document: PolicyDocument): string => encodeURIComponent(JSON.stringify(document));

/** When somebody last did something, by service and action. */
type Used = ReadonlyMap<string, ReadonlyMap<string, Date>>;

/** Notes who does what: AWS's last-accessed data, of this run. As on AWS, what was denied counts too. */
export function noteUses() {
  const uses = new Map<string, Map<string, Map<string, Date>>>();
  return {
    note({ caller, action }: Observation): void {
      const arn = caller.sessionIssuer ?? caller.arn;
      const [service = '', name = ''] = action.split(':');
      const services = uses.get(arn) ?? new Map<string, Map<string, Date>>();
      const actions = services.get(service) ?? new Map<string, Date>();
      uses.set(arn, services.set(service, actions.set(name, new Date())));
    },
    usesOf: (arn: string): Used => uses.get(arn) ?? new Map(),
  };
}

type Parts = {
  readonly roles: Roles;
  readonly credentials: Pick<CredentialStore, 'users'>;
  readonly usesOf: (arn: string) => Used;
  readonly startedAt: Date;
};

/**
 * What an audit reads of the account: users, roles and policies, and when they last used what. Undefined for any other
 * operation.
 */
export function createAccountReads({ roles, credentials, usesOf, startedAt }: Parts) {
  const jobs = new Map<string, string>();

  function userOf({ arn, userId, identityPolicies }: AwsCaller) {
    return {
      Path: '/',
      UserName: arn.split('/').at(-1),
      UserId: userId,
      Arn: arn,
      CreateDate: startedAt.toISOString(),
      UserPolicyList: { member: identityPolicies.map(inlineOf) },
      GroupList: { member: [] },
      AttachedManagedPolicies: { member: [] },
    };
  }

  function roleOf({ name, id, arn, trust, policies, boundaryArn, managedPolicyArns, createdAt }: RoleSpec) {
    const inline = [...roles.inlineOf(name)].map(([PolicyName, document]) => ({
      name: PolicyName,
      document,
    }));
    return {
      Path: '/',
      RoleName: name,
      RoleId: id,
      Arn: arn,
      CreateDate: (createdAt ?? startedAt).toISOString(),
      AssumeRolePolicyDocument: encoded(trust),
      RolePolicyList: {
        member: [...policies, ...inline].map((policy) => ({
          PolicyName: policy.name,
          PolicyDocument: encoded(policy.document),
        })),
      },
      AttachedManagedPolicies: {
        member: managedPolicyArns.map((PolicyArn) => ({
          PolicyName: PolicyArn.split('/').at(-1),
          PolicyArn,
        })),
      },
      ...(boundaryArn && {
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundaryArn },
      }),
    };
  }

  /** Users and boundaries come with the first page. */
  function detailsOf({ input }: AwsCall) {
    const [first, size] = [Number(input.Marker ?? 0), Number(input.MaxItems ?? PAGE)];
    if (!Number.isInteger(first) || !Number.isInteger(size) || size < 1)
      throw new AwsError('ValidationError', 'Marker or MaxItems is not valid.', 400);
    const all = roles.all();
    const isLast = first + size >= all.length;
    const boundaries = new Map(
      all.flatMap(({ boundaryArn, boundary }) =>
        boundaryArn && boundary ? [[boundaryArn, boundary] as const] : [],
      ),
    );
    return {
      IsTruncated: !isLast,
      ...(!isLast && { Marker: String(first + size) }),
      UserDetailList: { member: first === 0 ? credentials.users().map(userOf) : [] },
      GroupDetailList: { member: [] },
      RoleDetailList: { member: all.slice(first, first + size).map(roleOf) },
      Policies: { member: first === 0 ? [...boundaries].map(managedOf) : [] },
    };
  }

  function lastAccessedOf(arn: string) {
    const used = usesOf(arn);
    const services = new Map<string, Set<string>>();
    for (const [service, name] of grantedTo(arn)) {
      const names = services.get(service) ?? new Set<string>();
      if (name !== '') names.add(name);
      services.set(service, names);
    }
    for (const [service, actions] of used)
      services.set(service, new Set([...(services.get(service) ?? []), ...actions.keys()]));
    return [...services].map(([service, names]) => {
      const actions = used.get(service) ?? new Map<string, Date>();
      return {
        ServiceName: service,
        ServiceNamespace: service,
        ...dated(
          'LastAuthenticated',
          [...actions.values()].sort((first, other) => other.getTime() - first.getTime())[0],
        ),
        TrackedActionsLastAccessed: {
          member: [...names].map((ActionName) => ({
            ActionName,
            ...dated('LastAccessedTime', actions.get(ActionName)),
          })),
        },
      };
    });
  }

  /** Services, and actions by name, that policies allow: what is allowed by a wildcard is followed once it is used. */
  function grantedTo(arn: string): [service: string, name: string][] {
    const documents =
      credentials.users().find((user) => user.arn === arn)?.identityPolicies ??
      roles.policiesOf(arn.split('/').at(-1) ?? '');
    return documents.flatMap(({ Statement }) =>
      [Statement].flat().flatMap((statement): [string, string][] => {
        const { Effect, Action = [] } = statement as { Effect: string; Action?: string | string[] };
        return Effect === 'Allow'
          ? [Action].flat().flatMap((action): [string, string][] => {
              const [service = '', name = ''] = action.split(':');
              return /[*?]/.test(service) ? [] : [[service, /[*?]/.test(name) ? '' : name]];
            })
          : [];
      }),
    );
  }

  return (call: AwsCall): unknown => {
    switch (call.operation) {
      case 'GetAccountAuthorizationDetails':
        return detailsOf(call);
      case 'GenerateServiceLastAccessedDetails': {
        const JobId = randomUUID();
        jobs.set(JobId, String(call.input.Arn));
        return { JobId };
      }
      case 'GetServiceLastAccessedDetails': {
        const arn = jobs.get(String(call.input.JobId));
        if (arn === undefined) throw new AwsError('NoSuchEntity', 'There is no such job.', 404);
        const moment = new Date().toISOString();
        return {
          JobStatus: 'COMPLETED',
          JobCreationDate: moment,
          JobCompletionDate: moment,
          IsTruncated: false,
          ServicesLastAccessed: { member: lastAccessedOf(arn) },
        };
      }
      case 'GetAccountPasswordPolicy':
        throw new AwsError('NoSuchEntity', 'The account has no password policy.', 404);
      default:
        return undefined;
    }
  };
}

const inlineOf = (document: PolicyDocument, nth: number) => ({
  PolicyName: `own-${nth + 1}`,
  PolicyDocument: encoded(document),
});

const managedOf = ([Arn, document]: readonly [string, PolicyDocument]) => ({
  PolicyName: Arn.split('/').at(-1),
  Arn,
  Path: '/',
  DefaultVersionId: 'v1',
  PolicyVersionList: {
    member: { VersionId: 'v1', IsDefaultVersion: true, Document: encoded(document) },
  },
});

const dated = (name: string, moment: Date | undefined) => (moment ? { [name]: moment.toISOString() } : {});
