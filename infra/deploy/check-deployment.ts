import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { synthTemplate } from '../app.ts';
import { checkOwnAccount, refuseEntries } from '../check-config.ts';
import { ownKeys, problemsOfOwnParts } from '../own-parts.ts';
import type { Settings } from '../settings.ts';
import type { AwsAccount } from './aws-account.ts';
import { problemOfConcurrency, problemOfRegion } from './check-place.ts';
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
  /** Nothing of Postern is here yet. */
  readonly isFirst: boolean;
};

type Options = {
  readonly settings: Settings;
  readonly demo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Checks all that a deployment needs before anything is deployed. Throws with one line that says what to do. */
export async function checkDeployment(
  account: Checked,
  { settings, demo, env }: Options,
  synth: (options: Pick<Options, 'settings' | 'demo'>) => Record<string, unknown> = synthTemplate,
): Promise<Ready> {
  // Throws where settings, catalog, guardrails or tiers do not fit each other.
  const resources = Object.values(synth({ settings, demo }).Resources as Record<string, Made>);
  const place = await findPlace(account, settings);
  orNotReady(problemOfRegion(place.region));
  checkOwnAccount(place.account);
  if (!(await account.isBootstrapped()))
    throw new NotReady(
      `the account is not bootstrapped: run npx cdk bootstrap aws://${place.account}/${place.region}`,
    );
  orNotReady(problemOfConcurrency(settings.frontDoorConcurrency, await account.concurrency()));
  const isFirst = !(await account.hasDeployment());
  refuseEntries(problemsOfOwnParts(readConfigFiles().catalog.resources, ownKeys(await account.keys())));
  const tables = namesOf(resources, 'AWS::DynamoDB::Table', 'TableName');
  if (isFirst) orNotReady(await findLeftOver(account, tables));
  const values = await secretValues(
    namesOf(resources, 'AWS::SecretsManager::Secret', 'Name'),
    env,
    account.hasSecret,
  );
  const catalog = readConfigFiles().catalog.resources.map((resource) =>
    resolveArns(resource, { partition: 'aws', region: place.region, accountId: place.account }),
  );
  const unseen = await findCatalogResources(catalog, place, {
    made: new Set(tables),
    exists: account.exists,
  });
  return { place, values, unseen, isFirst };
}

/** What an earlier deployment, or one of another region, has that this one would make. Roles are of the whole account. */
async function findLeftOver({ exists }: Checked, tables: readonly string[]): Promise<string | undefined> {
  for (const table of tables)
    if (await exists({ typeName: 'AWS::DynamoDB::Table', identifier: table }))
      return `the table ${table} is left of an earlier deployment: npm run teardown removes what one leaves (docs/deploy.md says how to keep its rows)`;
  if (await exists({ typeName: 'AWS::IAM::Role', identifier: 'postern-front-door' }))
    return 'Postern is deployed in another region of this account (it has the role postern-front-door): an account holds one deployment';
  return undefined;
}

function orNotReady(problem: string | undefined): void {
  if (problem !== undefined) throw new NotReady(problem);
}

type Checked = Pick<
  AwsAccount,
  'region' | 'account' | 'isBootstrapped' | 'hasSecret' | 'exists' | 'hasDeployment' | 'concurrency' | 'keys'
>;

type Made = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };

const namesOf = (resources: readonly Made[], type: string, property: string): string[] =>
  resources.filter(({ Type }) => Type === type).map(({ Properties }) => String(Properties?.[property]));
