import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keysChange, shellLines } from '../clients/cli/session/session-environment.ts';
import { keyOf, subjectTokenOf } from '../demo/call-api.ts';
import { REGION } from '../demo/place.ts';
import { ACCOUNT_READER } from '../sandbox/seed/account-reader.ts';
import type { Access } from '../sandbox/seed/seed.ts';

const ACCESS_FILE = '.sandbox/access.json';
const USAGE = `Usage, beside npm start:

  eval "$(npm run --silent as -- <principal> [customer])"
  eval "$(npm run --silent as -- <person> --token)"      signs in with a token, as people of a directory do; good for five minutes`;

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

/** The same of somebody who has no AWS keys: a token of the sandbox's issuer, in a file. */
async function environmentByToken(person: string): Promise<Record<string, string>> {
  const access = JSON.parse(readFileSync(ACCESS_FILE, 'utf8')) as Access & Record<string, string>;
  const place = access.principals.admin?.tokenUrl;
  if (!place || !/^[\w.@-]{1,64}$/.test(person)) throw new Error(USAGE);
  const answer = await fetch(new URL(encodeURIComponent(person), place));
  const { token } = (await answer.json()) as { token: string };
  const folder = join('.sandbox', 'tokens');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, person);
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return {
    POSTERN_API: `${access.oidcApi}`,
    AWS_ENDPOINT_URL: `${access.aws}`,
    POSTERN_WEB_IDENTITY_TOKEN_FILE: resolve(file),
  };
}

/** Errors as people can act on them: on standard error, so that `eval` runs nothing. */
function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no ${ACCESS_FILE}: run npm start first`;
  return message === 'fetch failed' ? 'the sandbox does not answer: run npm start' : message;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { token: { type: 'boolean', default: false } },
});
const [principal, customer] = positionals;
if (!principal || (values.token && customer !== undefined)) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  try {
    const environment = await (values.token
      ? environmentByToken(principal)
      : environmentOf(principal, customer));
    console.log(shellLines(keysChange(environment, REGION)).join('\n'));
  } catch (error) {
    console.error(`postern: ${describe(error)}`);
    process.exitCode = 1;
  }
}
