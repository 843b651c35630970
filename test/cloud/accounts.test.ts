import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreatePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { openAccountStack } from '../../infra/deploy/accounts/account-stack.ts';
import { prepareAccounts } from '../../infra/deploy/accounts/deploy-accounts.ts';
import { type AccountPlan, planAccounts } from '../../infra/deploy/accounts/plan-accounts.ts';
import { type RecordedAccount, readRecord, recordOf } from '../../infra/recorded-accounts.ts';
import { writeMember } from '../../infra/write-member.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { makeRoleReader } from '../../lambdas/shared/adapters/iam/read-brokered-role.ts';
import { makeSessions } from '../../lambdas/shared/adapters/sessions/sessions.ts';
import { makeDenialsTable } from '../../lambdas/shared/adapters/tables/denials-table.ts';
import { makeRequestsTable } from '../../lambdas/shared/adapters/tables/requests-table.ts';
import { otherThanPlanned } from '../../lambdas/shared/domain/brokered/compare-roles.ts';
import { resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { denialPolicyOf, noDenials } from '../../lambdas/shared/domain/revocation/denials.ts';
import { sessionNameOf } from '../../lambdas/shared/domain/revocation/session-names.ts';
import type { SessionAnswer } from '../../lambdas/shared/domain/session.ts';
import { buildSessionPolicy } from '../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { grantedState, rowOf } from '../support/example-state.ts';
import { runCommand } from './support/run-command.ts';
import { ACCOUNT, REGION } from './support/start-emulator.ts';
import {
  DEPLOY_ROLE,
  environmentOf,
  keysIn,
  makeDeployRole,
  rootOf,
  startTwoAccounts,
  TREASURY,
} from './support/two-accounts.ts';

const HOME = { partition: 'aws', region: REGION, accountId: ACCOUNT };
const BROKERED = 'postern-brokered-internal';
const ROLE_ARN = `arn:aws:iam::${TREASURY}:role/${BROKERED}`;
/** An account that the template is not of, and one where nobody may go. */
const [LAB, CLOSED] = ['777788889999', '222233334444'];
const BUCKET = `bank-treasury-${TREASURY}`;
const FIGURES = 'risk-figures/2026-q3.json';

type Minted = Extract<SessionAnswer, { kind: 'minted' }>;

const errorOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'works',
    (error: Error) => error.name,
  );

describe.skipIf(!inject('hasEmulators'))('the broker in its account, and the treasury in another', () => {
  let two: Awaited<ReturnType<typeof startTwoAccounts>>;
  let theirIam: IAMClient;
  beforeAll(async () => {
    two = await startTwoAccounts();
    vi.stubEnv('POSTERN_CONFIG_DIR', two.config);
    theirIam = new IAMClient(rootOf(two.emulator, TREASURY));
    await makeDeployRole(two.emulator, LAB);
    const s3 = new S3Client(rootOf(two.emulator, TREASURY));
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    for (const Key of [FIGURES, 'payroll/2026-q3.json'])
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await two?.close();
  });

  const home = () => ({
    endpoint: two.emulator.endpoint,
    region: REGION,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const rolesThere = async () =>
    ((await theirIam.send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => RoleName).sort();
  const trustOf = async (RoleName: string) => {
    const { Role } = await theirIam.send(new GetRoleCommand({ RoleName }));
    return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  };

  /** What `npm run deploy` does in other accounts, by the keys of whoever deploys; what it said besides. */
  async function prepare(plans: readonly AccountPlan[], credentials = two.deployer) {
    const told: string[] = [];
    const prepared = await prepareAccounts(plans, {
      open: (account) =>
        openAccountStack(
          account,
          { account: ACCOUNT, region: REGION },
          { ...{ endpoint: two.emulator.endpoint, region: REGION, credentials }, pollMs: 50, mostMs: 20_000 },
        ),
      templateOf: () => writeMember(TREASURY).template,
      tell: (line) => told.push(line),
    });
    return { prepared, told };
  }
  const planned = (recorded: readonly RecordedAccount[] = []) =>
    planAccounts(readConfigFiles().catalog, recorded, []);
  const elsewhere = (id: string): AccountPlan => ({
    ...{ id, called: id, deployRole: DEPLOY_ROLE, does: 'deploy' },
  });

  test('who is not trusted by its deployRole deploys nothing there', async () => {
    const { prepared, told } = await prepare(planned(), two.other);
    expect(await prepared.carryOut()).toEqual([`treasury (${TREASURY})`]);
    expect(told).toEqual([expect.stringMatching(/role\/PosternDeploy cannot be assumed \(AccessDenied/)]);
  });

  test('what is not agreed to leaves nothing there', async () => {
    const { prepared, told } = await prepare(planned());
    expect(prepared.widens).toBe(true);
    expect(told.sort()).toEqual(
      [
        'AWS::IAM::ManagedPolicy BrokeredRolesinternalcatalog',
        'AWS::IAM::ManagedPolicy BrokeredRolesposternbrokeredinternalboundary',
        'AWS::IAM::Policy RevokerDefaultPolicy',
        'AWS::IAM::Role BrokeredRolesinternal',
        'AWS::IAM::Role Revoker',
      ].map((what) => expect.stringContaining(`account treasury (${TREASURY}): Add ${what}`)),
    );
    await prepared.discard();
    expect(await rolesThere()).toEqual([DEPLOY_ROLE]);
  });

  test('its roles are deployed there; an account that refuses the template, and one that nobody reaches, hold up nothing', async () => {
    const { prepared, told } = await prepare([...planned(), elsewhere(LAB), elsewhere(CLOSED)]);
    expect(await prepared.carryOut()).toEqual([LAB, CLOSED]);
    const said = told.join('\n');
    expect(said).toContain(`account treasury (${TREASURY}): deployed`);
    expect(said).toMatch(new RegExp(`account ${LAB}: FAILED: .*deploy them there`));
    expect(said).toMatch(new RegExp(`account ${CLOSED}: FAILED: .* cannot be assumed`));
    expect(await rolesThere()).toEqual([DEPLOY_ROLE, BROKERED, 'postern-revoker']);
  });

  test('they have the planned policies, boundary and trust', async () => {
    const read = makeRoleReader(rootOf(two.emulator, TREASURY));
    expect(await otherThanPlanned(readConfigFiles().catalog.resources, HOME, TREASURY, read)).toEqual([]);
    const trusts = [await trustOf(BROKERED), await trustOf('postern-revoker')];
    expect(trusts.map((trust) => [...new Set(trust.match(/arn:aws:iam::[^"]+/g))])).toEqual([
      [`arn:aws:iam::${ACCOUNT}:role/postern-assume-role`],
      [
        `arn:aws:iam::${ACCOUNT}:role/postern-revoke-session`,
        `arn:aws:iam::${ACCOUNT}:role/postern-lift-revocation`,
      ],
    ]);
    const revoker = await read('postern-revoker');
    expect([...(revoker?.inline.values() ?? [])].map((text) => JSON.parse(text).Statement)).toEqual([
      [{ Action: 'iam:PutRolePolicy', Effect: 'Allow', Resource: ROLE_ARN }],
    ]);
  });

  test('a second deployment of the same changes nothing', async () => {
    const { prepared, told } = await prepare(planned());
    expect(prepared.widens).toBe(false);
    expect(await prepared.carryOut()).toEqual([]);
    expect(told).toEqual([`account treasury (${TREASURY}): nothing changes`]);
  });

  /** A session of the treasury's role, as assume-role mints it: by its own keys, as narrow as the grant. */
  async function mint(requestId: string, sessionPolicy = figuresOnly()): Promise<Minted> {
    const credentials = keysIn(await environmentOf(two.emulator, 'postern-assume-role'));
    const answer = await makeSessions({ client: new STSClient({ ...home(), credentials }) }).mint({
      ...{ roleArn: ROLE_ARN, sessionName: sessionNameOf(requestId), sourceIdentity: 'analyst1' },
      ...{ sessionPolicy, durationSeconds: 900 },
      tags: { 'postern:request-id': requestId, 'postern:principal': 'analyst1' },
    });
    if (answer.kind !== 'minted') throw new Error(answer.code);
    return answer;
  }
  function figuresOnly(): string {
    const entry = readConfigFiles().catalog.resources.find(({ key }) => key === 'risk_figures@treasury');
    if (!entry) throw new Error('the catalog has no risk_figures');
    return buildSessionPolicy([{ resource: resolveArns(entry, HOME), actions: ['s3:GetObject'] }]);
  }
  const read = ({ credentials }: Minted, Key = FIGURES) =>
    new S3Client({ ...home(), credentials: keysOf(credentials) }).send(
      new GetObjectCommand({ Bucket: BUCKET, Key }),
    );
  const keysOf = ({ accessKeyId, secretAccessKey, sessionToken }: Minted['credentials']) => ({
    ...{ accessKeyId, secretAccessKey, sessionToken },
  });

  test('the broker’s function has a session there, of that account, that reads what was granted and no more', async () => {
    const session = await mint('analyst1-01JD3Z9Q2N8K4V6B1C5D7E0001');
    const options = { ...home(), credentials: keysOf(session.credentials) };
    expect(await new STSClient(options).send(new GetCallerIdentityCommand({}))).toMatchObject({
      ...{ Account: TREASURY, Arn: session.assumedRoleArn },
    });
    expect(await (await read(session)).Body?.transformToString()).toBe(FIGURES);
    const s3 = new S3Client(options);
    const tried = [
      read(session, 'payroll/2026-q3.json'),
      // The role may list; the session policy was not given it.
      s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'risk-figures/' })),
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: FIGURES, Body: 'x' })),
      new IAMClient(options).send(new ListPoliciesCommand({})),
    ];
    expect(await Promise.all(tried.map(errorOf))).toEqual(
      tried.map(() => expect.stringMatching(/^AccessDenied/)),
    );
  });

  test('nobody else has one, and the broker none without saying for whom', async () => {
    const assume = (RoleArn: string, credentials: ReturnType<typeof keysIn>) =>
      errorOf(
        new STSClient({ ...home(), credentials }).send(
          new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }),
        ),
      );
    const [minting, revoking] = [
      keysIn(await environmentOf(two.emulator, 'postern-assume-role')),
      keysIn(await environmentOf(two.emulator, 'postern-revoke-session')),
    ];
    const revoker = `arn:aws:iam::${TREASURY}:role/postern-revoker`;
    expect(
      await Promise.all([
        assume(ROLE_ARN, minting),
        assume(ROLE_ARN, revoking),
        assume(ROLE_ARN, two.deployer),
        assume(revoker, minting),
        assume(revoker, two.deployer),
        assume(revoker, revoking),
      ]),
    ).toEqual([...Array(5).fill('AccessDenied'), 'works']);
  });

  /** A function's own handler, in the environment and with the keys that it is deployed with. */
  async function asDeployed<Handler>(
    name: Parameters<typeof environmentOf>[1],
    load: () => Promise<{ handler: Handler }>,
  ): Promise<Handler> {
    const {
      NODE_OPTIONS: _,
      PATH: __,
      POSTERN_CONFIG_DIR: ___,
      ...env
    } = await environmentOf(two.emulator, name);
    for (const [variable, value] of Object.entries(env))
      if (/^(AWS_|POSTERN_|STATE_|.*_TABLE$|.*_KEY_ID$)/.test(variable)) vi.stubEnv(variable, value);
    vi.resetModules();
    return (await load()).handler;
  }
  const documents = () =>
    DynamoDBDocumentClient.from(new DynamoDBClient(two.emulator.root), {
      marshallOptions: { removeUndefinedValues: true },
    });
  const requests = () =>
    makeRequestsTable({ client: documents(), tableName: 'postern_requests', clock: () => new Date() });
  async function issue(requestId: string): Promise<Minted> {
    const minted = await mint(requestId);
    const { assumedRoleArn, assumedRoleId, credentials } = minted;
    const { expiration, accessKeyId } = credentials;
    const session = {
      ...{ roleArn: ROLE_ARN, assumedRoleArn, assumedRoleId, accessKeyId, expiration },
      ...{ sessionName: sessionNameOf(requestId), sourceIdentity: 'analyst1', sealed: 'sealed' },
    };
    await requests().create(rowOf(grantedState(), { requestId, principalId: 'analyst1' }));
    await requests().transition(requestId, {
      from: ['PENDING'],
      set: { status: 'ISSUED', session, live: 'live', liveUntil: expiration },
      remove: ['open'],
    });
    return minted;
  }
  const denialsThere = async () => {
    const { PolicyDocument } = await theirIam.send(
      new GetRolePolicyCommand({ RoleName: BROKERED, PolicyName: 'revoked-sessions' }),
    );
    return decodeURIComponent(PolicyDocument ?? '');
  };

  test('revoke-session ends one session there, by postern-revoker, and another goes on', async () => {
    const [mineId, otherId] = ['analyst1-01JD3Z9Q2N8K4V6B1C5D7E0002', 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E0003'];
    const [mine, other] = [await issue(mineId), await issue(otherId)];
    expect(await errorOf(read(mine))).toBe('works');
    const revoke = await asDeployed(
      'postern-revoke-session',
      () => import('../../lambdas/revoke-session/handler.ts'),
    );
    const answer = await revoke({ requestId: mineId, by: 'approver1', everySession: false });
    expect(answer).toMatchObject({ revoked: true, roleArns: [ROLE_ARN], sessions: 1 });
    expect(await denialsThere()).toContain(mine.assumedRoleId);
    expect([await errorOf(read(mine)), await errorOf(read(other))]).toEqual(['AccessDenied', 'works']);
    expect((await requests().get(mineId))?.revocation).toMatchObject({ by: 'approver1', scope: 'session' });
  });

  test('lift-revocation takes back only what has ended, by the same role', async () => {
    const lift = await asDeployed(
      'postern-lift-revocation',
      () => import('../../lambdas/lift-revocation/handler.ts'),
    );
    const table = makeDenialsTable({ client: documents(), tableName: 'postern_denials' });
    const denials = (await table.get(ROLE_ARN)) ?? noDenials(ROLE_ARN);
    const ended = { userId: 'AROAENDED:0000', until: new Date(Date.now() - 1000).toISOString() };
    await table.write({ ...denials, sessions: [...denials.sessions, ended] });
    expect(await lift({ revocation: { roleArns: [ROLE_ARN] } })).toEqual({ lifted: [ROLE_ARN] });
    expect((await table.get(ROLE_ARN))?.sessions).toEqual(denials.sessions);
    expect(await denialsThere()).toBe(denialPolicyOf(denials));
  });

  const doctor = async () => {
    const { accessKeyId, secretAccessKey } = two.deployer;
    const env = {
      ...two.emulator.env,
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    };
    const command = ['clients/cli/postern.ts', 'doctor', '--accounts', '--config', two.config];
    return runCommand(process.execPath, command, { env });
  };

  test('doctor --accounts finds no drift, a denial of sessions is none', async () => {
    const { status, output } = await doctor();
    expect(output).toContain(`✓ account broker (${ACCOUNT}): its roles are as planned`);
    expect(output).toContain(`✓ account treasury (${TREASURY}): its roles are as planned`);
    expect(status).toBe(0);
  });

  test('and names what somebody changed there by hand', async () => {
    const wide = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });
    const PolicyArn = `arn:aws:iam::${TREASURY}:policy/${BROKERED}`;
    for (const suffix of ['-1', '-boundary'])
      await theirIam.send(
        new CreatePolicyVersionCommand({
          ...{ PolicyArn: `${PolicyArn}${suffix}`, PolicyDocument: wide, SetAsDefault: true },
        }),
      );
    const { RoleName, PolicyName } = { RoleName: 'postern-revoker', PolicyName: 'more' };
    await theirIam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: wide }));
    const altered = await doctor();
    expect(altered.output).toMatch(
      new RegExp(`✗ account treasury .*${BROKERED} may do more than planned: s3:`),
    );
    expect(altered.output).toMatch(/postern-revoker may do more than planned: s3:/);
    expect(altered.output).toContain(`✓ account broker (${ACCOUNT})`);
    expect(altered.status).toBe(1);
    // CloudFormation compares templates: it is for whoever administers the account to undo it.
    const { prepared, told } = await prepare(planned());
    expect(await prepared.carryOut()).toEqual([]);
    expect(told).toEqual([`account treasury (${TREASURY}): nothing changes`]);
  });

  test('a revoker that somebody deleted is named', async () => {
    const { inline } = (await makeRoleReader(rootOf(two.emulator, TREASURY))('postern-revoker')) ?? {};
    for (const PolicyName of inline?.keys() ?? [])
      await theirIam.send(new DeleteRolePolicyCommand({ RoleName: 'postern-revoker', PolicyName }));
    await theirIam.send(new DeleteRoleCommand({ RoleName: 'postern-revoker' }));
    const { status, output } = await doctor();
    expect(output).toContain('postern-revoker is not there');
    expect(status).toBe(1);
  });

  test('an account that is taken out of the catalog loses its roles, and is forgotten once they are gone', async () => {
    const { catalog } = readConfigFiles();
    const without = {
      ...{ ...catalog, accounts: [] },
      resources: catalog.resources.filter(({ account }) => account === undefined),
    };
    const recorded = readRecord(recordOf(catalog, []));
    const { prepared, told } = await prepare(planAccounts(without, recorded, []));
    expect(prepared.widens).toBe(false);
    expect(recordOf(without, prepared.left)).toBe(`${TREASURY}=${DEPLOY_ROLE}`);
    expect(await prepared.carryOut()).toEqual([]);
    expect(told.at(-1)).toBe(`account ${TREASURY}: its roles are removed`);
    expect(await rolesThere()).toEqual([DEPLOY_ROLE]);
    const { Policies = [] } = await theirIam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    expect(Policies).toEqual([]);
    const next = await prepare(planAccounts(without, recorded, []));
    expect(recordOf(without, next.prepared.left)).toBe('');
  });
});
