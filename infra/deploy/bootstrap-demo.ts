import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bankRows } from '../../demo/bank-rows.ts';
import { fillBank } from '../../demo/fill-bank.ts';
import { SUBJECTS } from '../../demo/principals.ts';
import { renewPrincipal } from '../../demo/renew-principal.ts';
import { addPeople } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { TABLE_NAMES } from '../names.ts';
import { demoPeople } from './demo-people.ts';
import { ensureDemoPool } from './demo-pool.ts';
import type { Place } from './find-place.ts';

/**
 * Makes the bank's user pool, and writes its rows and its principals. `slackUsers` are who of them is whom in Slack:
 * `approver1=U0123ABCD`. Throws NotReady where one of these names nobody.
 */
export async function bootstrapDemo(
  client: DynamoDBDocumentClient,
  place: Place,
  slackUsers: readonly string[],
): Promise<void> {
  const pool = await ensureDemoPool(SUBJECTS);
  const arn = `arn:aws:cognito-idp:${place.region}:${place.account}:userpool/${pool.poolId}`;
  console.log(`The bank's user pool: ${arn}. The catalog's entry bank_user_pool must name it.`);
  const people = demoPeople(place, pool, slackUsers);
  await Promise.all([
    addPeople({ client, tableNames: TABLE_NAMES, renew: renewPrincipal }, people),
    fillBank(client, bankRows([...pool.subjects.values()])),
  ]);
  console.log("The demo bank's tables are filled, and its principals may ask.");
}
