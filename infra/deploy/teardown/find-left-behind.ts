import type { AwsAccount } from '../aws-account.ts';
import type { Place } from '../find-place.ts';
import type { Identified } from '../missing-resources.ts';

type Made = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };

type Account = Pick<AwsAccount, 'exists' | 'arnOfSecret'>;

/** How each type that a stack leaves behind is found by the name that the template gives it. */
const FOUND_BY: Readonly<
  Record<string, (name: string, place: Place, account: Account) => Promise<string | undefined>>
> = {
  'AWS::DynamoDB::Table': async (name) => name,
  'AWS::Logs::LogGroup': async (name) => name,
  'AWS::SecretsManager::Secret': (name, _, { arnOfSecret }) => arnOfSecret(name),
  'AWS::SQS::Queue': async (name, place) =>
    `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`,
};
const NAMED: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SQS::Queue': 'QueueName',
};

/** What a deleted stack of this template left behind in the account, by the names that it has. */
export async function findLeftBehind(
  resources: readonly Made[],
  place: Place,
  account: Account,
): Promise<Identified[]> {
  const found: Identified[] = [];
  for (const { Type: typeName, Properties } of resources) {
    const name = Properties?.[NAMED[typeName] ?? ''];
    if (typeof name !== 'string') continue;
    const identifier = await FOUND_BY[typeName]?.(name, place, account);
    if (identifier !== undefined && (await account.exists({ typeName, identifier })))
      found.push({ typeName, identifier });
  }
  return found;
}
