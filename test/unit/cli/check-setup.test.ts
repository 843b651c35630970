import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkGateway } from '../../../clients/cli/check-gateway.ts';
import { runChecks } from '../../../clients/cli/check-setup.ts';
import { PosternError } from '../../../clients/sdk/postern-error.ts';

const identity = {
  credentials: async () => ({ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'x', sessionToken: 'y' }),
  region: async () => 'eu-central-1',
};
const refusing = (code: string, detail: string) => ({
  catalog: () => Promise.reject(new PosternError({ code, detail })),
});
type Setup = Parameters<typeof runChecks>[0];
const SETUP: Setup = {
  env: {},
  profiles: {},
  endpoint: 'https://broker.example',
  identity,
  broker: refusing('principal_unknown', 'Nobody here has that role.'),
  signal: new AbortController().signal,
  fetch: async () => new Response('{}'),
};
const found = async (check: string, setup: Partial<Setup>) =>
  (await runChecks({ ...SETUP, ...setup })).find((finding) => finding.check === check);

describe('doctor, where a gateway carries the calls', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'PSTNAAAAAAAAAAAAAAAA' };
  const role = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/postern-gateway' };
  it.each([
    ['by its keys', keys],
    ['by a token file', role],
  ])('%s, says what no gateway can carry, and what to do', (_, env) => {
    expect(checkGateway({ env: { ...env, AWS_ENDPOINT_URL: 'https://gateway.example' } })).toEqual([
      { check: 'gateway', verdict: 'ok', what: expect.stringMatching(/EKS and RDS.*postern exec/) },
    ]);
    expect(checkGateway({ env })).toMatchObject([{ verdict: 'wrong' }]);
  });

  it('says nothing where none does', () => {
    expect(checkGateway({ env: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' } })).toEqual([]);
  });
});

describe('doctor, where AWS', () => {
  let closedPort: number;
  beforeEach(async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closedPort = (server.address() as AddressInfo).port;
    await new Promise((resolve) => server.close(resolve));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${closedPort}`);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('cannot be reached, says which service', async () => {
    expect(await found('credentials', {})).toEqual({
      check: 'credentials',
      verdict: 'unknown',
      what: 'who signs the calls: AWS STS could not be reached from here',
    });
    expect((await found('own_role', {}))?.what).toMatch(/: AWS IAM could not be reached from here$/);
  });

  it('has no credentials to check, says so, and sends nobody to an administrator', async () => {
    const setup = {
      identity: { ...identity, credentials: () => Promise.reject(new Error('none')) },
      broker: refusing('no_credentials', 'There are no AWS credentials to sign with.'),
    };
    expect(await found('credentials', setup)).toMatchObject({
      verdict: 'wrong',
      advice: 'Set a profile or a role that signs for you.',
    });
    expect(await found('principal', setup)).toEqual({
      check: 'principal',
      verdict: 'unknown',
      what: 'whom the broker takes you for: There are no AWS credentials to sign with.',
    });
  });

  it('is fine, and the broker knows nobody of that role: asks for an administrator', async () => {
    expect((await found('principal', {}))?.advice).toBe('Ask an administrator of the broker.');
  });

  it('finds a profile that would have postern start itself, before it runs', async () => {
    const line = (profile: string) => `postern ${profile} credential-process --reason "The report."`;
    const profiles = {
      bank: { credential_process: line('') },
      circle: { credential_process: line('--profile circle') },
      right: { credential_process: line('--profile agent') },
      agent: {},
    };
    const findings = await runChecks({ ...SETUP, profiles });
    const wrongs = findings.filter(({ check, verdict }) => check === 'profiles' && verdict === 'wrong');
    expect(wrongs.map(({ what }) => what.split(' ')[2])).toEqual(['bank', 'circle']);
  });

  it.each([
    ['https://broker.example', 'wrong'],
    ['http://127.0.0.1:6120/api', 'ok'],
  ])('a long-lived key before %s is %s', async (endpoint, verdict) => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' };
    expect((await found('static_keys', { env, endpoint }))?.verdict).toBe(verdict);
  });

  it.each([
    [1, '1 resource'],
    [2, '2 resources'],
  ])('counts %i', async (count, words) => {
    const resources = Array.from({ length: count }, () => ({})) as [];
    const broker = { catalog: async () => ({ principal: 'ann', resources }) };
    expect((await found('principal', { broker } as Partial<Setup>))?.what).toMatch(new RegExp(` ${words}$`));
  });
});
