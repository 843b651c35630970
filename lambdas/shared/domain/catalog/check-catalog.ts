import { accountsOf } from '../brokered/brokered-role.ts';
import { ConfigError } from '../config-error.ts';
import { problemOfClaim } from '../identity/sign-in/claim-names.ts';
import { keyServiceOf } from '../session-policy/build-session-policy.ts';
import { readKeyPattern } from '../session-policy/leading-key.ts';
import { isSubjectScopable, isSubjectScopableKind } from '../session-policy/subject-scope.ts';
import { type CatalogFile, type CatalogResource, grantableActions } from './catalog.ts';
import { formOf } from './iam/kind-forms.ts';
import { resolveArns } from './resolve-arns.ts';

/**
 * The broker's tables that requests for a change are about. They can be read with a reason, and are never granted for
 * writing. That its other parts are not listed is checked against the stack, before it is deployed.
 */
const BROKER_TABLE = /:table\/(users_table|policy_table)(\/|$)/;

const KEY_ARN = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/;

/** Any place: what is checked is the same in each. */
const SOMEWHERE = { partition: 'aws', region: 'eu-central-1', accountId: '000000000000' };

/** What is wrong with an entry of the catalog, in words that say what to do; undefined where nothing is. */
type Check = (resource: CatalogResource) => string | undefined;

const checkActions: Check = ({ kind, actions }) => {
  const service = formOf(kind)?.service;
  const foreign = service && grantableActions({ actions }).find((it) => !it.startsWith(`${service}:`));
  if (foreign) return `${foreign} is not an action of a ${kind}`;
  const all = grantableActions({ actions });
  if (all.length === 0) return 'it has no actions; list what may be granted under "read", "write" or "admin"';
  const twice = all.find((action, index) => all.indexOf(action) !== index);
  return twice && `${twice} is listed twice; list it once`;
};

const checkArns: Check = (resource) => {
  const { kind, arns, accountId, wholeArns } = resource;
  if (kind === 'service-wide' && arns.length > 0) return 'a service-wide entry has no "arns"; take them out';
  if (kind !== 'service-wide' && arns.length === 0) return `a ${kind} needs "arns"`;
  if (kind !== 'service-wide' && accountId !== undefined)
    return `"accountId" says nothing of a ${kind}, whose ARNs name the account; take it out`;
  if (kind !== 'secret' && wholeArns !== undefined)
    return `"wholeArns" says nothing of a ${kind}; take it out`;
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

const checkLeadingKey: Check = ({ kind, leadingKey, subjectScoped }) => {
  if (leadingKey === undefined) return undefined;
  if (!subjectScoped) return '"leadingKey" needs "subjectScoped": true';
  if (kind !== 'dynamodb-table' && kind !== 'dynamodb-index')
    return `"leadingKey" says nothing of a ${kind}, which has no rows; take it out`;
  const pattern = readKeyPattern(leadingKey);
  if (!pattern || /[^\x20-\x7e]/.test(leadingKey))
    return '"leadingKey" is a text in ASCII around one ${subject}, or one ${subject.CLAIM}, and no other variable';
  const problem = pattern.attribute === undefined ? undefined : problemOfClaim(pattern.attribute);
  return problem && `"leadingKey": ${pattern.attribute} ${problem}; name one that the issuer sets by itself`;
};

const checkSubjectScope: Check = ({ kind, actions, subjectScoped }) => {
  if (!subjectScoped) return undefined;
  if (!isSubjectScopableKind(kind))
    return `rows of a ${kind} cannot be pinned to a subject; remove "subjectScoped"`;
  const unscopable = grantableActions({ actions }).find((action) => !isSubjectScopable(kind, action));
  return unscopable && `${unscopable} cannot be held to one subject's rows; remove it or "subjectScoped"`;
};

const checkBrokersTables: Check = ({ arns, actions, acknowledgeEscalation }) => {
  if (!arns.some((arn) => BROKER_TABLE.test(arn))) return undefined;
  if (actions.write || actions.admin)
    return "the broker's own tables are changed by requests for a change, never granted for writing";
  if (acknowledgeEscalation) return undefined;
  return 'reading a table of the broker can widen access; say why in "acknowledgeEscalation"';
};

const checkOwners: Check = ({ ownerRequired, ownerTier }) =>
  ownerRequired && !ownerTier ? '"ownerRequired" needs "ownerTier": whose silence is to deny' : undefined;

const CHECKS = [
  checkActions,
  checkArns,
  checkKeys,
  checkSubjectScope,
  checkLeadingKey,
  checkBrokersTables,
  checkOwners,
];

function problemOf(resource: CatalogResource): string | undefined {
  for (const check of CHECKS) {
    const problem = check(resource);
    if (problem) return problem;
  }
  return undefined;
}

/** What is wrong with one entry, and what to do. */
export type EntryProblem = { readonly key: string; readonly problem: string };

/** What a schema cannot say of a catalog, entry by entry. */
export function problemsOfCatalog(catalog: CatalogFile): EntryProblem[] {
  const keys = new Set<string>();
  return catalog.resources.flatMap((resource) => {
    const problem = keys.has(resource.key) ? 'the key is used twice' : problemOf(resource);
    keys.add(resource.key);
    return problem ? [{ key: resource.key, problem }] : [];
  });
}

/** Checks what a schema cannot say of a catalog. Throws ConfigError with the resource and what to do. */
export function checkCatalog(catalog: CatalogFile, lineOf: (key: string) => number | undefined): void {
  const [first] = problemsOfCatalog(catalog);
  if (first) throw new ConfigError('catalog.json', lineOf(first.key), `${first.key}: ${first.problem}`);
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
