import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeConfig } from '../lambdas/shared/adapters/load-config.ts';
import { ConfigError } from '../lambdas/shared/domain/config-error.ts';
import { bootSandbox, type Sandbox } from './boot.ts';
import { makeApiCaller } from './call-api.ts';
import { ACCOUNT_ID, REGION } from './compose-sandbox.ts';
import { ensureFree, PortTaken } from './listen-locally.ts';

/** Everything of a run that outlives it: tables, ended executions, the demo's keys. */
const DATA_DIR = '.sandbox';
const REASON = 'The weekly report needs the operational metrics of this week.';

function portOf(name: string, usual: number): number {
  const port = Number(process.env[name] ?? usual);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new ConfigError('environment', undefined, `${name} must be a port number`);
}

/** Who may call what, for tools and tests; for this user's eyes only. */
function writeAccess({ urls, access }: Sandbox): void {
  mkdirSync(DATA_DIR, { recursive: true });
  const text = JSON.stringify({ ...urls, ...access }, null, 2);
  writeFileSync(join(DATA_DIR, 'access.json'), `${text}\n`, { mode: 0o600 });
}

function keyOf({ access }: Sandbox, id: string) {
  const key = access.principals[id];
  if (!key) throw new Error(`the demo has no principal ${id}`);
  return key;
}

function greeting(sandbox: Sandbox): string {
  const { urls, closedAtBoot } = sandbox;
  const { accessKeyId, secretAccessKey } = keyOf(sandbox, 'analyst1');
  const model = process.env.OPENAI_API_KEY
    ? 'OpenAI'
    : 'an offline keyword matcher (set OPENAI_API_KEY for a model)';
  const closed = closedAtBoot.length;
  return [
    '',
    `  console  ${urls.console}`,
    `  api      ${urls.api}`,
    `  aws      ${urls.aws}   (DynamoDB, STS, Step Functions, for issued sessions)`,
    `  reviewer ${model}`,
    `  keys     ${DATA_DIR}/access.json`,
    ...(closed > 0
      ? ['', `  ${closed} request(s) that the last run left open are closed as FAILED: nothing was issued.`]
      : []),
    '',
    '  Ask for access as analyst1, from another terminal:',
    '',
    `curl --aws-sigv4 "aws:amz:${REGION}:execute-api" --user "${accessKeyId}:${secretAccessKey}" -H 'content-type: application/json' -d '{"reason":"${REASON}"}' ${urls.api}/credentials`,
    '',
  ].join('\n');
}

/** One request, end to end, with the time since this process began. */
async function showFirstGrant(sandbox: Sandbox): Promise<void> {
  const call = makeApiCaller(sandbox.urls.api, keyOf(sandbox, 'analyst1'));
  const asked = await call('POST', '/requests?wait=20', { reason: REASON });
  const { requestId, status, decision } = asked.body as {
    requestId?: string;
    status?: string;
    decision?: {
      entitlement?: { grants: { resource: string; actions: string[] }[]; durationSeconds: number };
    };
  };
  const claimed = requestId ? await call('POST', `/requests/${requestId}/credentials`, {}) : undefined;
  const { assumedRoleArn } = (claimed?.body ?? {}) as { assumedRoleArn?: string };
  if (!assumedRoleArn) {
    console.log(
      `  The first request ended ${status ?? asked.status}: ${JSON.stringify(claimed?.body ?? asked.body)}\n`,
    );
    return;
  }
  const grants = decision?.entitlement?.grants.map(
    ({ resource, actions }) => `${actions.join(', ')} on ${resource}`,
  );
  console.log(
    [
      `  analyst1 asked: "${REASON}"`,
      `  granted:        ${grants?.join('; ')}, for ${decision?.entitlement?.durationSeconds} s`,
      `  session:        ${assumedRoleArn}`,
      '',
      `  First grant on screen after ${(performance.now() / 1000).toFixed(1)} s. Ctrl-C ends it.`,
      '',
    ].join('\n'),
  );
}

async function main(): Promise<void> {
  console.log('Postern: booting the broker on this machine …');
  const [port, awsPort] = [portOf('PORT', 4780), portOf('AWS_PORT', 4781)];
  // Before anything is opened: a second sandbox must not get as far as the first one's tables.
  await Promise.all([ensureFree(port), ensureFree(awsPort)]);
  const configDir = process.env.POSTERN_CONFIG_DIR ?? 'config';
  makeConfig({ partition: 'aws', region: REGION, accountId: ACCOUNT_ID }, configDir);
  const sandbox = await bootSandbox({
    dataDir: DATA_DIR,
    port,
    awsPort,
    env: process.env,
    configDir,
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
  await showFirstGrant(sandbox);
}

/** What the operator can mend is told in one line; anything else is ours, and keeps its stack. */
function giveUp(error: unknown): never {
  const known = error instanceof PortTaken || error instanceof ConfigError;
  // dynalite opens its tables out of reach of any catch.
  const locked = error instanceof Error && error.message.startsWith('Database is ');
  if (locked) console.error(`postern: ${DATA_DIR} is in use by another sandbox; stop that one first`);
  else console.error(known ? `postern: ${error.message}` : error);
  process.exit(1);
}

process.once('uncaughtException', giveUp);
main().catch(giveUp);
