import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { addPeople } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { DependencyUnavailable } from '../../lambdas/shared/domain/errors.ts';
import { TABLE_NAMES } from '../names.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { makeAwsAccount } from './aws-account.ts';
import { bootstrapDemo } from './bootstrap-demo.ts';
import { findPlace } from './find-place.ts';
import { NotReady } from './not-ready.ts';
import { readPeople } from './read-people.ts';

const USAGE =
  'name a file of principals, or --demo: npm run bootstrap -- principals.json | --demo [--slack approver1=U0123ABCD …]';

/** Says so where the tables that were to be written are not there. */
async function writing(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const absent = error instanceof DependencyUnavailable && error.message.includes('ResourceNotFound');
    throw absent
      ? new NotReady('its tables are not there yet: run npm run deploy first, then this again')
      : error;
  }
}

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
  if (file === undefined) {
    const place = await findPlace(makeAwsAccount(), readSettings());
    return writing(() => bootstrapDemo(client, place, values.slack));
  }
  const people = readPeople(file);
  await writing(() => addPeople({ client, tableNames: TABLE_NAMES }, people));
  console.log(`Principals in users_table, with their policies in policy_table: ${people.length}.`);
});
