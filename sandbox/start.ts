import { join } from 'node:path';
import { keyOf } from '../demo/call-api.ts';
import { ACCOUNT_ID, REGION } from '../demo/place.ts';
import { demoPrincipals } from '../demo/principals.ts';
import { ConfigError } from '../lambdas/shared/domain/config-error.ts';
import type { Sandbox } from './boot.ts';
import { claimDataDir, OtherFormat } from './claim-data-dir.ts';
import { ensureFree, PortTaken } from './listen-locally.ts';
import { readPort } from './read-port.ts';
import { writePrivateFile } from './seed/write-private-file.ts';

/** Everything of a run that outlives it: tables, ended executions, the demo's keys. */
const DATA_DIR = '.sandbox';
/** What a grant passes through, in order: one core loads it while the other boots. */
const ON_THE_PATH = [
  'postern-front-door',
  'postern-load-policy',
  'postern-review-request',
  'postern-validate-decision',
  'postern-await-claim',
  'postern-assume-role',
  'postern-write-log',
];
const CURL_REASON = 'The weekly report needs the operational metrics of this week.';

/** Who may call what, for tools and tests; for this user's eyes only. */
function writeAccess({ urls, access }: Sandbox): void {
  const text = JSON.stringify({ region: REGION, account: ACCOUNT_ID, ...urls, ...access }, null, 2);
  writePrivateFile(join(DATA_DIR, 'access.json'), `${text}\n`);
}

/** Doubts about the configuration, for the demo's principals: how many, and where they are told. */
async function doubtsIn(configDir: string): Promise<string[]> {
  const { findConfigProblems } = await import('../infra/find-config-problems.ts');
  const principals = demoPrincipals('https://issuer.example', ACCOUNT_ID).map(({ principal }) => principal);
  const count = findConfigProblems(configDir, principals).length;
  return count > 0
    ? [`  The configuration has ${count} doubt${count === 1 ? '' : 's'}: npm run guardrails -- check`, '']
    : [];
}

function greeting(sandbox: Sandbox): string {
  const { urls, closedAtBoot } = sandbox;
  const { accessKeyId, secretAccessKey } = keyOf(sandbox.access, 'analyst1');
  const model = process.env.OPENAI_API_KEY
    ? 'OpenAI'
    : 'an offline keyword matcher (set OPENAI_API_KEY for a model)';
  const closed = closedAtBoot.length;
  return [
    '',
    `  console  ${urls.console}`,
    `  api      ${urls.api}`,
    `  aws      ${urls.aws}   (what the catalog names, for issued sessions)`,
    `  gateway  ${urls.gateway}   (AWS calls with placeholder keys: docs/gateway.md)`,
    `  chat     ${urls.chat}   (the support agent, as a customer of the bank: docs/console.md)`,
    `  slack    ${sandbox.slack ? sandbox.urls.slack : 'your workspace, by Socket Mode'}`,
    `  reviewer ${model}`,
    `  keys     ${DATA_DIR}/access.json`,
    `  webhooks ${urls.webhooks}   (what pagers and chats are told: docs/webhooks.md)`,
    ...(closed > 0
      ? ['', `  ${closed} request(s) that the last run left open are closed as FAILED: nothing was issued.`]
      : []),
    '',
    '  Ask for access as analyst1, from another terminal:',
    '',
    `curl --aws-sigv4 "aws:amz:${REGION}:execute-api" --user "${accessKeyId}:${secretAccessKey}" -H 'content-type: application/json' -d '{"reason":"${CURL_REASON}"}' ${urls.api}/credentials`,
    '',
    '  Or have the command line, an MCP server or the AWS CLI call as analyst1 (docs/cli.md):',
    '',
    'eval "$(npm run --silent as -- analyst1)" && npx . whoami',
    '',
  ].join('\n');
}

/** The chat's port. Nobody is told it in advance: where it is not named and the usual one is taken, another does. */
async function readChatPort(env: NodeJS.ProcessEnv): Promise<number> {
  const port = readPort(env, 'CHAT_PORT', 4783);
  try {
    await ensureFree(port);
    return port;
  } catch (error) {
    if (env.CHAT_PORT || !(error instanceof PortTaken)) throw error;
    return 0;
  }
}

async function main(): Promise<void> {
  console.log('Postern: booting the broker on this machine …');
  const [port, awsPort] = [readPort(process.env, 'PORT', 4780), readPort(process.env, 'AWS_PORT', 4781)];
  const gatewayPort = readPort(process.env, 'GATEWAY_PORT', 4782);
  // Before anything is opened: a second sandbox must not get as far as the first one's tables.
  const [chatPort] = await Promise.all([
    readChatPort(process.env),
    ensureFree(port),
    ensureFree(awsPort),
    ensureFree(gatewayPort),
  ]);
  // Loaded from here on, piece by piece: what the operator can mend is told at once.
  const { checkConfig, checkOwnAccount } = await import('../infra/check-config.ts');
  const { readSettings } = await import('../infra/settings.ts');
  const configDir = process.env.POSTERN_CONFIG_DIR || 'config';
  checkConfig(configDir);
  checkOwnAccount(ACCOUNT_ID, configDir);
  readSettings(configDir);
  claimDataDir(DATA_DIR);
  const { bootSandbox } = await import('./boot.ts');
  const sandbox = await bootSandbox({
    dataDir: DATA_DIR,
    port,
    awsPort,
    gatewayPort,
    chatPort,
    env: process.env,
    configDir,
    loadEarly: ON_THE_PATH,
  });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  writeAccess(sandbox);
  console.log(greeting(sandbox));
  const { showFirstGrant } = await import('./show-first-grant.ts');
  await showFirstGrant(sandbox);
  for (const line of await doubtsIn(configDir)) console.log(line);
}

/** What the operator can mend is told in one line; anything else is ours, and keeps its stack. */
function giveUp(error: unknown): never {
  const known = error instanceof PortTaken || error instanceof ConfigError || error instanceof OtherFormat;
  // dynalite opens its tables out of reach of any catch.
  const locked = error instanceof Error && error.message.startsWith('Database is ');
  if (locked) console.error(`postern: ${DATA_DIR} is in use by another sandbox; stop that one first`);
  else console.error(known ? `postern: ${error.message}` : error);
  process.exit(1);
}

process.once('uncaughtException', giveUp);
main().catch(giveUp);
