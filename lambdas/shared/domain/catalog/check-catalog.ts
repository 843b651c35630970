import { accountsOf } from '../brokered/brokered-role.ts';
import { ConfigError } from '../config-error.ts';
import { keyServiceOf } from '../session-policy/build-session-policy.ts';
import { isSubjectScopable, isSubjectScopableKind } from '../session-policy/subject-scope.ts';
import { type CatalogFile, type CatalogResource, grantableActions } from './catalog.ts';
import { resolveArns } from './resolve-arns.ts';

/** The service prefix that every action of a kind must have; `exact-arns` takes any. */
const SERVICE_OF_KIND = {
  'dynamodb-table': 'dynamodb',
  'dynamodb-index': 'dynamodb',
  's3-prefix': 's3',
  'sqs-queue': 'sqs',
  secret: 'secretsmanager',
  'lambda-function': 'lambda',
  'log-group': 'logs',
  'kms-key': 'kms',
  'cognito-user-pool': 'cognito-idp',
  'exact-arns': undefined,
} as const;

/** Actions that hand out more access than they use (privilege escalation): they need their reason beside them. */
const WIDENING: readonly RegExp[] = [
  /^(iam|organizations|sso|sso-directory):|^sts:AssumeRole|:PassRole$/,
  // Who may use a resource. To take a policy away is to lift what it forbids.
  /:(Add|Put)\w*Permission$|:(Put|Delete|Set)(Bucket|FileSystem|Key|Registry|Repository|Resource)?Policy$/,
  /^s3:(Associate|Create|Delete|Dissociate|Put|Update)\w*(Acl|AccessGrant\w*|OwnershipControls|Policy\w*|PublicAccessBlock)$/,
  /^s3:(BypassGovernanceRetention|ObjectOwnerOverrideToBucketOwner)$/,
  /^(dynamodb:UpdateAbacStatus|kms:CreateGrant|sns:SetTopicAttributes|sqs:SetQueueAttributes)$/,
  // What runs with the role of a function.
  /^lambda:(Create|Update)Function/,
];

/** The broker's own tables. They can be read with a reason, and are never granted for writing. */
const BROKER_TABLE = /:table\/(postern_\w+|users_table|policy_table)(\/|$)/;

const KEY_ARN = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/;

/** Any place: what is checked is the same in each. */
const SOMEWHERE = { partition: 'aws', region: 'eu-central-1', accountId: '000000000000' };

/** What is wrong with an entry of the catalog, in words that say what to do; undefined where nothing is. */
type Check = (resource: CatalogResource) => string | undefined;

const checkActions: Check = ({ kind, actions }) => {
  const service = SERVICE_OF_KIND[kind];
  const foreign = service && grantableActions({ actions }).find((it) => !it.startsWith(`${service}:`));
  return foreign && `${foreign} is not an action of a ${kind}`;
};

const checkArns: Check = (resource) => {
  const { kind, arns } = resource;
  if (arns.some((arn) => /[*?]/.test(arn))) return 'an ARN holds a wildcard; name the resource itself';
  if (accountsOf([resolveArns(resource, SOMEWHERE)], SOMEWHERE.accountId).length > 1)
    return 'its ARNs are in several accounts; list an entry for each';
  if (kind === 's3-prefix' && arns.some((arn) => !arn.endsWith('/')))
    return 'an s3-prefix ARN must end in "/"';
  return undefined;
};

const checkKeys: Check = (resource) => {
  const { kind, viaService } = resource;
  if (kind === 'kms-key' && !viaService) return 'a kms-key needs "viaService"';
  if (kind !== 'kms-key' && viaService) return `"viaService" says nothing of a ${kind}; remove it`;
  const { kmsKeyArn } = resolveArns(resource, SOMEWHERE);
  if (kmsKeyArn === undefined) return undefined;
  if (!keyServiceOf(kind)) return `"kmsKeyArn" says nothing of a ${kind}; remove it`;
  return KEY_ARN.test(kmsKeyArn) ? undefined : '"kmsKeyArn" must be the ARN of one key, not of its alias';
};

const checkSubjectScope: Check = ({ kind, actions, subjectScoped }) => {
  if (!subjectScoped) return undefined;
  if (!isSubjectScopableKind(kind))
    return `rows of a ${kind} cannot be pinned to a subject; remove "subjectScoped"`;
  const unscopable = grantableActions({ actions }).find((action) => !isSubjectScopable(kind, action));
  return unscopable && `${unscopable} cannot be held to one subject's rows; remove it or "subjectScoped"`;
};

const checkWidening: Check = ({ arns, actions, acknowledgeEscalation }) => {
  const isBrokers = arns.some((arn) => BROKER_TABLE.test(arn));
  if (isBrokers && (actions.write || actions.admin))
    return "the broker's own tables are changed by requests for a change, never granted for writing";
  const widening = grantableActions({ actions }).find((action) => WIDENING.some((it) => it.test(action)));
  if (!(isBrokers || widening) || acknowledgeEscalation) return undefined;
  return `${widening ?? 'reading a table of the broker'} can widen access; say why in "acknowledgeEscalation"`;
};

const checkOwners: Check = ({ ownerRequired, ownerTier }) =>
  ownerRequired && !ownerTier ? '"ownerRequired" needs "ownerTier": whose silence is to deny' : undefined;

const CHECKS = [checkActions, checkArns, checkKeys, checkSubjectScope, checkWidening, checkOwners];

function problemOf(resource: CatalogResource): string | undefined {
  for (const check of CHECKS) {
    const problem = check(resource);
    if (problem) return problem;
  }
  return undefined;
}

/** Checks what a schema cannot say of a catalog. Throws ConfigError with the resource and what to do. */
export function checkCatalog(catalog: CatalogFile, lineOf: (key: string) => number | undefined): void {
  const keys = new Set<string>();
  for (const resource of catalog.resources) {
    const problem = keys.has(resource.key) ? 'the key is used twice' : problemOf(resource);
    if (problem) throw new ConfigError('catalog.json', lineOf(resource.key), `${resource.key}: ${problem}`);
    keys.add(resource.key);
  }
}

/** Checks the tiers that the catalog's owners name. */
export function checkOwnerTiers(
  catalog: CatalogFile,
  tiers: readonly { name: string }[],
  lineOf: (key: string) => number | undefined,
): void {
  for (const { key, ownerTier } of catalog.resources) {
    if (ownerTier && !tiers.some(({ name }) => name === ownerTier)) {
      throw new ConfigError(
        'catalog.json',
        lineOf(key),
        `${key}: tier "${ownerTier}" is not in approvals.json`,
      );
    }
  }
}
