import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { synthTemplate } from '../app.ts';
import type { Settings } from '../settings.ts';
import type { AwsAccount } from './aws-account.ts';
import { findPlace, type Place } from './find-place.ts';
import { findCatalogResources } from './missing-resources.ts';
import { NotReady } from './not-ready.ts';
import { secretValues } from './secret-values.ts';

/** What a deployment goes by once it may begin. */
type Ready = {
  readonly place: Place;
  /** Values to put into secrets afterwards, by the secret's name. */
  readonly values: ReadonlyMap<string, string>;
  /** ARNs of the catalog that could not be looked for. */
  readonly unseen: readonly string[];
};

type Options = {
  readonly settings: Settings;
  readonly demo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Checks all that a deployment needs before anything is deployed. Throws with one line that says what to do. */
export async function checkDeployment(
  account: Pick<AwsAccount, 'region' | 'account' | 'isBootstrapped' | 'hasSecret' | 'exists'>,
  { settings, demo, env }: Options,
): Promise<Ready> {
  // Throws where settings, catalog, guardrails or tiers do not fit each other.
  const resources = Object.values(synthTemplate({ settings, demo }).Resources as Record<string, Made>);
  const place = await findPlace(account, settings);
  if (!(await account.isBootstrapped()))
    throw new NotReady(
      `the account is not bootstrapped: run npx cdk bootstrap aws://${place.account}/${place.region}`,
    );
  const values = await secretValues(
    namesOf(resources, 'AWS::SecretsManager::Secret', 'Name'),
    env,
    account.hasSecret,
  );
  const catalog = readConfigFiles().catalog.resources.map((resource) =>
    resolveArns(resource, { partition: 'aws', region: place.region, accountId: place.account }),
  );
  const unseen = await findCatalogResources(catalog, place, {
    made: new Set(namesOf(resources, 'AWS::DynamoDB::Table', 'TableName')),
    exists: account.exists,
  });
  return { place, values, unseen };
}

type Made = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };

const namesOf = (resources: readonly Made[], type: string, property: string): string[] =>
  resources.filter(({ Type }) => Type === type).map(({ Properties }) => String(Properties?.[property]));
