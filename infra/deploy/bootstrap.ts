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
  'name a file of principals, or --demo: npm run bootstrap -- principals.json | --demo [--console https://…] [--chat https://…] [--slack approver1=U0123ABCD …]';

/** Where pages are, by what is typed: the outputs of a deployment end with a slash. Throws NotReady for what is none. */
function pagesAt(what: 'console' | 'chat', text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url.origin;
  throw new NotReady(
    `"${text}" is not where a ${what} is: write https:// and its host, as ${what === 'chat' ? 'ChatUrl' : 'ConsoleUrl'} has it`,
  );
}

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
      console: { type: 'string' },
      chat: { type: 'string' },
      passwords: { type: 'string', default: 'postern-demo-passwords.json' },
    },
  });
  const [file] = positionals;
  if (values.demo === (file !== undefined)) throw new NotReady(USAGE);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  if (file === undefined) {
    const place = await findPlace(makeAwsAccount(), readSettings());
    const { slack: slackUsers, passwords: passwordsFile } = values;
    const consoleUrl = pagesAt('console', values.console);
    const chatUrl = pagesAt('chat', values.chat);
    return writing(() => bootstrapDemo(client, place, { slackUsers, consoleUrl, chatUrl, passwordsFile }));
  }
  const people = readPeople(file);
  await writing(() => addPeople({ client, tableNames: TABLE_NAMES }, people));
  console.log(`Principals in users_table, with their policies in policy_table: ${people.length}.`);
});
