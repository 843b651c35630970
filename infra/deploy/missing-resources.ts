import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { CatalogResource, ResourceKind } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { partsOfArn } from '../../policy/arn/parts-of-arn.ts';
import type { Place } from './find-place.ts';
import { NotReady } from './not-ready.ts';

/** A resource as Cloud Control knows it. */
export type Identified = { readonly typeName: string; readonly identifier: string };

const last = (text: string, separator: string) => text.slice(text.lastIndexOf(separator) + 1);
const second = (resource: string) => resource.split('/')[1] ?? '';

/**
 * How each kind of the catalog is looked up; `exact-arns` may be anything, and is not; `service-wide` names nothing.
 * @see https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-identifier.html
 */
const LOOK_UP: Record<Exclude<ResourceKind, 'exact-arns' | 'service-wide'>, (arn: string) => Identified> = {
  'dynamodb-table': (arn) => ({
    typeName: 'AWS::DynamoDB::Table',
    identifier: second(partsOfArn(arn).resource),
  }),
  'dynamodb-index': (arn) => ({
    typeName: 'AWS::DynamoDB::Table',
    identifier: second(partsOfArn(arn).resource),
  }),
  's3-prefix': (arn) => ({
    typeName: 'AWS::S3::Bucket',
    identifier: partsOfArn(arn).resource.split('/')[0] ?? '',
  }),
  'sqs-queue': (arn) => {
    const { region, account, resource } = partsOfArn(arn);
    return {
      typeName: 'AWS::SQS::Queue',
      identifier: `https://sqs.${region}.${RegionInfo.get(region).domainSuffix}/${account}/${resource}`,
    };
  },
  secret: (arn) => ({ typeName: 'AWS::SecretsManager::Secret', identifier: arn }),
  'lambda-function': (arn) => ({
    typeName: 'AWS::Lambda::Function',
    identifier: partsOfArn(arn)
      .resource.replace(/^function:/, '')
      .replace(/:.*$/, ''),
  }),
  'log-group': (arn) => ({
    typeName: 'AWS::Logs::LogGroup',
    identifier: partsOfArn(arn).resource.replace(/^log-group:/, ''),
  }),
  'kms-key': (arn) => ({ typeName: 'AWS::KMS::Key', identifier: last(arn, '/') }),
  'cognito-user-pool': (arn) => ({ typeName: 'AWS::Cognito::UserPool', identifier: last(arn, '/') }),
};

type Ports = {
  /** Of the deployment itself: what it makes need not be there before it. */
  readonly made: ReadonlySet<string>;
  exists(resource: Identified): Promise<boolean>;
};

/**
 * Looks for every resource of the catalog that is in the deployment's own account and region. Throws NotReady for
 * the first that is not there; answers those it could not look for: of other places, of no known kind, and secrets
 * without the end of their ARN.
 */
export async function findCatalogResources(
  catalog: readonly CatalogResource[],
  place: Place,
  { made, exists }: Ports,
): Promise<string[]> {
  const unseen: string[] = [];
  for (const { key, kind, arns, wholeArns, account: entryAccount } of catalog) {
    if (kind === 'service-wide') continue;
    for (const arn of arns) {
      const { account, region } = partsOfArn(arn);
      const elsewhere =
        (account || (entryAccount?.id ?? place.account)) !== place.account ||
        (region || place.region) !== place.region;
      // A secret is looked up by its whole ARN, of which only AWS knows the end.
      if (kind === 'exact-arns' || elsewhere || (kind === 'secret' && !wholeArns)) {
        unseen.push(arn);
        continue;
      }
      const resource = LOOK_UP[kind](arn);
      if (made.has(resource.identifier) || (await exists(resource))) continue;
      throw new NotReady(`catalog.json: ${key}: there is no ${arn}; correct its ARN, or take the entry out`);
    }
  }
  return unseen;
}
