import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { bankRows } from '../../demo/bank-rows.ts';
import { fillTables } from '../../demo/fill-tables.ts';
import { SUBJECTS } from '../../demo/principals.ts';
import { DependencyUnavailable } from '../../lambdas/shared/domain/errors.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { makeAwsAccount } from './aws-account.ts';
import { demoPeople } from './demo-people.ts';
import { ensureDemoPool } from './demo-pool.ts';
import { findPlace } from './find-place.ts';
import { NotReady } from './not-ready.ts';
import { readPeople } from './read-people.ts';

const USAGE =
  'name a file of principals, or --demo: npm run bootstrap -- principals.json | --demo [--slack approver1=U0123ABCD …]';

/** Writes an organisation's first principals, or the whole demo bank. Run again, it adds what is missing. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      demo: { type: 'boolean', default: false },
      slack: { type: 'string', multiple: true, default: [] },
    },
  });
  const [file] = positionals;
  if (values.demo === (file !== undefined)) throw new NotReady(USAGE);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const fill = async (...what: [Parameters<typeof fillTables>[1], Parameters<typeof fillTables>[2]]) => {
    try {
      await fillTables(client, ...what);
    } catch (error) {
      const absent = error instanceof DependencyUnavailable && error.message.includes('ResourceNotFound');
      throw absent
        ? new NotReady('its tables are not there yet: run npm run deploy first, then this again')
        : error;
    }
  };
  if (file !== undefined) {
    const people = readPeople(file);
    await fill(people, {});
    console.log(`Principals in users_table, with their policies in policy_table: ${people.length}.`);
    return;
  }
  const place = await findPlace(makeAwsAccount(), readSettings());
  const pool = await ensureDemoPool(SUBJECTS);
  const arn = `arn:aws:cognito-idp:${place.region}:${place.account}:userpool/${pool.poolId}`;
  console.log(`The bank's user pool: ${arn}. The catalog's entry bank_user_pool must name it.`);
  await fill(demoPeople(place, pool, values.slack), bankRows([...pool.subjects.values()]));
  console.log("The demo bank's tables are filled, and its principals may ask.");
});
