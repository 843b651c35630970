import { describe, expect, it } from 'vitest';
import { checkHost } from '../../../clients/cli/check-host.ts';

type Host = Parameters<typeof checkHost>[0];
const nowhere: typeof fetch = () => Promise.reject(new TypeError('no route'));
const HOST: Host = {
  env: {},
  endpoint: 'https://broker.example',
  profiles: {},
  signal: new AbortController().signal,
  fetch: nowhere,
};

/** A metadata service: with a token it answers, and without one where it takes both. */
const metadata =
  (takesBoth: boolean): typeof fetch =>
  async (input, init) => {
    const isToken = String(input).endsWith('/api/token');
    if (isToken) return new Response('token', { status: init?.method === 'PUT' ? 200 : 405 });
    return new Response('role', { status: takesBoth ? 200 : 401 });
  };

const verdictsOf = async (host: Partial<Host>) =>
  Object.fromEntries((await checkHost({ ...HOST, ...host })).map(({ check, verdict }) => [check, verdict]));
const found = async (check: string, host: Partial<Host>) =>
  (await checkHost({ ...HOST, ...host })).find((finding) => finding.check === check);

describe('doctor --host', () => {
  it('finds that nothing signs for a bare machine, and says where an identity for it is', async () => {
    expect(await found('host_identity', {})).toMatchObject({
      verdict: 'wrong',
      advice: expect.stringContaining('docs/examples/hosts'),
    });
    expect(await verdictsOf({})).toMatchObject({ static_keys: 'ok', key_files: 'ok', metadata: 'ok' });
  });

  it.each([
    ['AWS_LAMBDA_FUNCTION_NAME', 'Lambda'],
    ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'ECS'],
    ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'EKS Pod Identity'],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', 'token'],
    ['ACTIONS_ID_TOKEN_REQUEST_URL', 'GitHub'],
  ])('knows the platform by %s', async (variable, says) => {
    const finding = await found('host_identity', { env: { [variable]: 'set' } });
    expect(finding).toMatchObject({ verdict: 'ok', what: expect.stringContaining(says) });
  });

  it('knows IAM Roles Anywhere by its helper', async () => {
    const profiles = { agent: { credential_process: '/opt/aws_signing_helper credential-process …' } };
    expect(await found('host_identity', { profiles })).toMatchObject({
      verdict: 'ok',
      what: 'the profile agent signs by IAM Roles Anywhere',
    });
  });

  it('takes an instance whose metadata asks for a token, and not one that gives its role to anybody', async () => {
    expect(await verdictsOf({ fetch: metadata(false) })).toMatchObject({
      host_identity: 'ok',
      metadata: 'ok',
    });
    expect(await found('metadata', { fetch: metadata(true) })).toMatchObject({
      verdict: 'wrong',
      advice: expect.stringContaining('--http-tokens required'),
    });
  });

  it('finds keys that last, in the environment and in files', async () => {
    expect(await verdictsOf({ env: { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' } })).toMatchObject({
      static_keys: 'wrong',
    });
    const profiles = {
      default: { aws_access_key_id: 'AKIAEXAMPLE' },
      ci: { aws_access_key_id: 'ASIAEXAMPLE' },
    };
    expect(await found('key_files', { profiles })).toMatchObject({
      verdict: 'wrong',
      what: '~/.aws holds long-lived keys, of default',
    });
  });

  it('finds that nothing says where the broker is', async () => {
    expect(await verdictsOf({ endpoint: undefined })).toMatchObject({ endpoint: 'wrong' });
  });

  it('shows a profile’s name as text', async () => {
    const profiles = { 'a\u202eb': { aws_access_key_id: 'AKIAEXAMPLE' } };
    expect((await found('key_files', { profiles }))?.what).not.toContain('\u202e');
  });
});
