import { readFileSync } from 'node:fs';
import { keysChange, shellLines } from '../clients/cli/session/session-environment.ts';
import { keyOf, subjectTokenOf } from '../demo/call-api.ts';
import { REGION } from '../demo/place.ts';
import { ACCOUNT_READER } from '../sandbox/seed/account-reader.ts';
import type { Access } from '../sandbox/seed/seed.ts';

const ACCESS_FILE = '.sandbox/access.json';
const USAGE = `Usage: eval "$(npm run --silent as -- <principal> [customer])", beside npm start`;

/** What has the command line, the MCP server, the client and the AWS CLI call the sandbox as one of its principals. */
async function environmentOf(principal: string, customer?: string): Promise<Record<string, string>> {
  const access = JSON.parse(readFileSync(ACCESS_FILE, 'utf8')) as Access & Record<string, string>;
  const { accessKeyId, secretAccessKey } =
    principal === ACCOUNT_READER ? access.accountReader : keyOf(access, principal);
  return {
    POSTERN_API: `${access.api}`,
    POSTERN_FEDERATION_ENDPOINT: `${access.console}/federation`,
    POSTERN_GATEWAY: `${access.gateway}`,
    AWS_ENDPOINT_URL: `${access.aws}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(customer && { POSTERN_SUBJECT_TOKEN: await subjectTokenOf(access, customer) }),
  };
}

/** Errors as people can act on them: on standard error, so that `eval` runs nothing. */
function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no ${ACCESS_FILE}: run npm start first`;
  return message === 'fetch failed' ? 'the sandbox does not answer: run npm start' : message;
}

const [principal, customer] = process.argv.slice(2);
if (!principal) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  try {
    const change = keysChange(await environmentOf(principal, customer), REGION);
    console.log(shellLines(change).join('\n'));
  } catch (error) {
    console.error(`postern: ${describe(error)}`);
    process.exitCode = 1;
  }
}
