import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bankRows } from '../../demo/bank-rows.ts';
import { fillBank } from '../../demo/fill-bank.ts';
import { DEMO_HUMANS, SUBJECTS } from '../../demo/principals.ts';
import { renewPrincipal } from '../../demo/renew-principal.ts';
import { addPeople } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { TABLE_NAMES } from '../names.ts';
import { demoPeople } from './demo-people.ts';
import type { Place } from './find-place.ts';
import { ensureDemoPool } from './pools/demo-pool.ts';
import { ensureDemoSignIn, signInConfig } from './pools/demo-sign-in.ts';
import { makePasswordsFile } from './pools/passwords-file.ts';

export type DemoOptions = {
  /** Who of the principals is whom in Slack: `approver1=U0123ABCD`. */
  readonly slackUsers: readonly string[];
  /** Where the console is, once it is deployed. */
  readonly consoleUrl: string | undefined;
  /** Where the support chat is, once it is deployed. */
  readonly chatUrl: string | undefined;
  /** The file that temporary passwords are kept in. */
  readonly passwordsFile: string;
};

/**
 * Makes the bank's user pools, of its customers and of its people, and writes its rows and its principals. Throws NotReady
 * where `slackUsers` names nobody.
 */
export async function bootstrapDemo(
  client: DynamoDBDocumentClient,
  place: Place,
  { slackUsers, consoleUrl, chatUrl, passwordsFile }: DemoOptions,
): Promise<void> {
  const passwords = makePasswordsFile(passwordsFile);
  const pool = await ensureDemoPool(place, { customers: SUBJECTS, chatUrl, passwords });
  const arn = `arn:aws:cognito-idp:${place.region}:${place.account}:userpool/${pool.poolId}`;
  console.log(`The bank's user pool: ${arn}. The catalog's entry bank_user_pool must name it.`);
  const signIn = await ensureDemoSignIn(place, { people: DEMO_HUMANS, consoleUrl, passwords });
  for (const [file, fields] of Object.entries(signInConfig(signIn, pool)))
    console.log(`The bank's people and customers sign in by this, in ${file}: ${JSON.stringify(fields)}`);
  if (passwords.added() > 0)
    console.log(`Their temporary passwords, each good for one sign-in within seven days: ${passwordsFile}`);
  const people = demoPeople(place, pool, slackUsers, signIn);
  await Promise.all([
    addPeople({ client, tableNames: TABLE_NAMES, renew: renewPrincipal }, people),
    fillBank(client, bankRows([...pool.subjects.values()])),
  ]);
  console.log("The demo bank's tables are filled, and its principals may ask.");
}
