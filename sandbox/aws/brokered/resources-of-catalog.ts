import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { KeySpec, SecretSpec } from '../../template/types.ts';
import { usualPolicy } from '../services/kms.ts';
import type { BrokeredFunction } from '../services/lambda.ts';
import { SUFFIX } from '../services/secrets-manager.ts';
import { type NamedResource, resourcesIn } from './name-resource.ts';

/** Below which prefix of a bucket entries are, and whether each subject has a folder there. */
export type BrokeredPrefix = {
  readonly bucket: string;
  readonly prefix: string;
  readonly isOfSubjects: boolean;
  readonly purpose: string;
};

/** What of a catalog is in the sandbox: whatever its entries name in the sandbox's account and region. */
export type BrokeredResources = {
  readonly buckets: readonly string[];
  readonly prefixes: readonly BrokeredPrefix[];
  readonly queues: readonly string[];
  readonly topicArns: readonly string[];
  readonly secrets: readonly Pick<SecretSpec, 'name' | 'arn'>[];
  readonly functions: readonly BrokeredFunction[];
  readonly logGroups: readonly string[];
  readonly userPools: readonly string[];
  readonly stateMachineArns: readonly string[];
  readonly keys: readonly KeySpec[];
  /** The key that a resource is encrypted by. */
  readonly keyOf: (resource: string) => Required<Pick<KeySpec, 'arn' | 'policy'>> | undefined;
};

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

function functionsOf(found: readonly NamedResource[]): BrokeredFunction[] {
  const byName = Map.groupBy(found, ({ name }) => name.split(':')[0] ?? '');
  return [...byName].map(([name, named]) => ({
    name,
    qualifiers: unique(named.flatMap(({ name: whole }) => whole.split(':').slice(1))),
  }));
}

/** A secret by its name; of a whole ARN the six characters that AWS drew are none of it. */
function secretsOf(found: readonly NamedResource[]): Pick<SecretSpec, 'name' | 'arn'>[] {
  const secrets = found.map(({ name, arn, entry: { wholeArns } }) =>
    wholeArns ? { name: name.slice(0, -SUFFIX.length), arn } : { name, arn: `${arn}${SUFFIX}` },
  );
  return [...new Map(secrets.map((secret) => [secret.name, secret])).values()];
}

function keySpecOf(arn: string): KeySpec & Required<Pick<KeySpec, 'policy'>> {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  const policy = usualPolicy({ arn });
  return { logicalId: id, id, arn, aliases: [], spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', policy };
}

const prefixOf = ({ name, entry }: NamedResource): BrokeredPrefix => ({
  bucket: bucketOf(name),
  prefix: name.slice(bucketOf(name).length + 1),
  isOfSubjects: entry.subjectScoped,
  purpose: entry.purpose,
});

const bucketOf = (name: string): string => name.split('/')[0] ?? '';

const SECRET_SUFFIX = /^-[A-Za-z0-9]{6}$/;

/** Whether a resource is encrypted by an entry's key: a bucket is as a whole, a table with its indexes. */
function encrypts({ kind, arns, wholeArns }: CatalogResource, resource: string): boolean {
  return arns.some((arn) => {
    if (kind === 's3-prefix') return resource.startsWith(arn.slice(0, arn.indexOf('/') + 1));
    const rest = resource.startsWith(arn) ? resource.slice(arn.length) : undefined;
    if (rest === undefined || rest === '') return rest === '';
    if (kind === 'secret') return !wholeArns && SECRET_SUFFIX.test(rest);
    return kind === 'dynamodb-table' && rest.startsWith('/');
  });
}

/** The resources that the entries of a catalog name, ARNs resolved, as far as they are in this account and region. */
export function resourcesOfCatalog(
  entries: readonly CatalogResource[],
  place: { region: string; accountId: string },
): BrokeredResources {
  const found = entries.flatMap((entry) => resourcesIn(entry, place));
  const named = (kind: NamedResource['kind']) => found.filter((resource) => resource.kind === kind);
  const keyArns = unique([
    ...named('key').map(({ arn }) => arn),
    ...entries.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []),
  ]);
  const keys = keyArns.map(keySpecOf);
  const encrypted = entries.filter(({ kmsKeyArn }) => kmsKeyArn !== undefined);
  return {
    buckets: unique(named('bucket').map(({ name }) => bucketOf(name))),
    prefixes: named('bucket')
      .filter(({ entry }) => entry.kind === 's3-prefix')
      .map(prefixOf),
    queues: unique(named('queue').map(({ name }) => name)),
    topicArns: unique(named('topic').map(({ arn }) => arn)),
    secrets: secretsOf(named('secret')),
    functions: functionsOf(named('function')),
    logGroups: unique(named('logGroup').map(({ name }) => name)),
    userPools: unique(named('userPool').map(({ name }) => name)),
    stateMachineArns: unique(named('stateMachine').map(({ arn }) => arn)),
    keys,
    keyOf(resource) {
      const entry = encrypted.find((each) => encrypts(each, resource));
      return entry && keys.find(({ arn }) => arn === entry.kmsKeyArn);
    },
  };
}
