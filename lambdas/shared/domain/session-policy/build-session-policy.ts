import type { Statement } from '../../../../policy/allow-statement.ts';
import type { Subject } from '../access-request.ts';
import { accessLevelOf, type CatalogResource, type ResourceKind } from '../catalog/catalog.ts';
import type { ResolvedGrant } from '../catalog/resolve-grants.ts';
import { canonicalJson } from '../digest.ts';
import type { GrantOnResource } from './grant-on-resource.ts';
import { keyOfRows } from './leading-key.ts';
import { statementsOfKind, throughService } from './statements-of-kind.ts';

/**
 * STS's limit on an inline session policy, in characters.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const MOST_POLICY_CHARACTERS = 2048;

const KEY_SERVICES: Partial<Record<ResourceKind, string>> = {
  'dynamodb-table': 'dynamodb',
  'dynamodb-index': 'dynamodb',
  's3-prefix': 's3',
  'sqs-queue': 'sqs',
  secret: 'secretsmanager',
};

/** The service through which an encrypted resource's key is used; none where using the resource needs no key. */
export const keyServiceOf = (kind: ResourceKind): string | undefined => KEY_SERVICES[kind];

/** Whose rows are opened. */
type RowsSubject = Pick<Subject, 'id' | 'attributes'>;

function statementsOfGrant(
  resource: CatalogResource,
  actions: readonly string[],
  subject: RowsSubject | undefined,
): Statement[] {
  const grant = {
    actions,
    arns: resource.arns,
    ...(resource.wholeArns !== undefined && { wholeArns: resource.wholeArns }),
    // INVARIANT: a subject-scoped resource is never granted without its subject; the validator refused it before.
    ...(resource.subjectScoped && {
      subjectId: subject?.id ?? neverASubject(resource),
      rowKey: (subject && keyOfRows(subject, resource.leadingKey)) ?? neverASubject(resource),
    }),
  };
  return [...statementsOn(resource, grant), ...keyStatements(resource, actions)];
}

function statementsOn(resource: CatalogResource, grant: GrantOnResource): Statement[] {
  if (resource.kind === 'kms-key')
    return throughService(grant, resource.viaService ?? neverAService(resource));
  return statementsOfKind(resource.kind, grant);
}

/**
 * The most a resource is ever opened: these actions for every subject. It is what the brokered role itself may
 * do; a session always gets `buildSessionPolicy`, which pins the subject.
 */
export function widestStatementsOf(resource: CatalogResource, actions: readonly string[]): Statement[] {
  const { arns, wholeArns } = resource;
  const grant = { actions, arns, ...(wholeArns !== undefined && { wholeArns }) };
  return [...statementsOn(resource, grant), ...keyStatements(resource, actions)];
}

function neverASubject({ key }: CatalogResource): never {
  throw new Error(`${key} is subject-scoped, and there is no subject`);
}

function neverAService({ key }: CatalogResource): never {
  throw new Error(`${key} is a key without the service it may be used through`);
}

/** Reading what a key encrypts needs Decrypt; writing needs a data key besides. */
function keyStatements(resource: CatalogResource, actions: readonly string[]): Statement[] {
  const service = keyServiceOf(resource.kind);
  if (!resource.kmsKeyArn || !service) return [];
  const writes = actions.some((action) => accessLevelOf(resource, action) !== 'read');
  const needed = writes ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  return throughService({ actions: needed, arns: [resource.kmsKeyArn] }, service);
}

/** Joins statements that are equal but for one list; lists are sorted and without repeats. */
function merge(statements: readonly Statement[], list: 'actions' | 'resources'): Statement[] {
  const other = list === 'actions' ? 'resources' : 'actions';
  const groups = new Map<string, Statement>();
  for (const statement of statements) {
    const sorted = { ...statement, [other]: [...new Set(statement[other])].sort() };
    const key = canonicalJson({ same: sorted[other], condition: statement.condition ?? null });
    const before = groups.get(key)?.[list] ?? [];
    groups.set(key, { ...sorted, [list]: [...new Set([...before, ...statement[list]])].sort() });
  }
  return [...groups.values()];
}

/** A list of one is written as the string it holds: the limit is in characters. */
const short = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

/** STS takes few characters in a policy; JSON can write the others, which a subject's id brings into a condition, as escapes. */
const asciiOnly = (json: string): string =>
  json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * The session policy of these grants, as canonical JSON: equal grants give byte-equal policies, in whatever
 * order they come. It may exceed STS's limit; see `MOST_POLICY_CHARACTERS`.
 */
export function buildSessionPolicy(
  grants: readonly ResolvedGrant[],
  subjectId?: string,
  attributes?: Subject['attributes'],
): string {
  const subject = subjectId === undefined ? undefined : { id: subjectId, ...(attributes && { attributes }) };
  const statements = grants.flatMap(({ resource, actions }) => statementsOfGrant(resource, actions, subject));
  const written = merge(merge(statements, 'actions'), 'resources').map(
    ({ actions, resources, condition }) => ({
      Effect: 'Allow',
      Action: short(actions),
      Resource: short(resources),
      ...(condition && { Condition: condition }),
    }),
  );
  const ordered = written
    .map((statement) => {
      const json = canonicalJson(statement);
      if (!('Condition' in statement)) return json;
      const condition = canonicalJson(statement.Condition);
      return json.replace(condition, () => asciiOnly(condition));
    })
    .sort();
  return `{"Statement":[${ordered.join(',')}],"Version":"2012-10-17"}`;
}
