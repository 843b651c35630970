import { accountsOf } from './brokered-role.ts';
import { type CatalogFile, type CatalogResource, grantableActions } from './catalog.ts';
import { ConfigError } from './config-error.ts';
import { resolveArns } from './resolve-arns.ts';
import { isSubjectScopable, isSubjectScopableKind } from './session-policy/subject-scope.ts';

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
const WIDENING =
  /^(iam|organizations|sso|sso-directory):|^sts:AssumeRole|:PassRole$|:Put(Bucket|Key|Resource)?Policy$|:PutBucketPolicy$|:PutResourcePolicy$|:AddPermission$|^kms:CreateGrant$|^lambda:(Update|Create)Function/;

/** The broker's own tables. They can be read with a reason, and are never granted for writing. */
const BROKER_TABLE = /:table\/(postern_\w+|users_table|policy_table)(\/|$)/;

function problemOf(resource: CatalogResource): string | undefined {
  const actions = grantableActions(resource);
  const service = SERVICE_OF_KIND[resource.kind];
  const foreign = service && actions.find((action) => !action.startsWith(`${service}:`));
  if (foreign) return `${foreign} is not an action of a ${resource.kind}`;
  if (resource.arns.some((arn) => /[*?]/.test(arn)))
    return 'an ARN holds a wildcard; name the resource itself';
  const at = { partition: 'aws', region: 'eu-central-1', accountId: '000000000000' };
  if (accountsOf([resolveArns(resource, at)], at.accountId).length > 1)
    return 'its ARNs are in several accounts; list an entry for each';
  if (resource.kind === 's3-prefix' && resource.arns.some((arn) => !arn.endsWith('/'))) {
    return 'an s3-prefix ARN must end in "/"';
  }
  if (resource.kind === 'kms-key' && !resource.viaService) return 'a kms-key needs "viaService"';
  if (resource.subjectScoped && !isSubjectScopableKind(resource.kind)) {
    return `rows of a ${resource.kind} cannot be pinned to a subject; remove "subjectScoped"`;
  }
  const unscopable =
    resource.subjectScoped && actions.find((action) => !isSubjectScopable(resource.kind, action));
  if (unscopable) return `${unscopable} cannot be held to one subject's rows; remove it or "subjectScoped"`;
  const broker = resource.arns.some((arn) => BROKER_TABLE.test(arn));
  if (broker && (resource.actions.write || resource.actions.admin)) {
    return "the broker's own tables are changed by requests for a change, never granted for writing";
  }
  const widening = actions.find((action) => WIDENING.test(action));
  if ((broker || widening) && !resource.acknowledgeEscalation) {
    return `${widening ?? 'reading a table of the broker'} can widen access; say why in "acknowledgeEscalation"`;
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
