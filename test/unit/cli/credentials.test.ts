import { chmod, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exitCodeOf } from '../../../clients/cli/exit-code.ts';
import { type CacheKey, makeCredentialCache } from '../../../clients/cli/session/credential-cache.ts';
import { cachedAccess, credentialProcessJson } from '../../../clients/cli/session/credential-process.ts';
import { type CredentialServer, serveCredentials } from '../../../clients/cli/session/serve-credentials.ts';
import { changedEnvironment, sessionChange } from '../../../clients/cli/session/session-environment.ts';
import { ordinaryIdentity } from '../../../clients/sdk/caller-identity.ts';
import type { Access } from '../../../clients/sdk/postern.ts';
import { PosternError } from '../../../clients/sdk/postern-error.ts';

const NOW = Date.parse('2026-11-20T22:00:00.000Z');
const access: Access = {
  accessKeyId: 'ASIASESSION000000000',
  secretAccessKey: 'session-secret',
  sessionToken: 'session-token',
  expiration: new Date(NOW + 900_000),
  requestId: 'analyst1-01KAE000000000000000000000',
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
};
const key: CacheKey = {
  endpoint: 'https://broker.example',
  reason: 'r',
  durationSeconds: null,
  caller: 'dev',
};

describe('the credential process', () => {
  it('prints what AWS tools read', () => {
    expect(JSON.parse(credentialProcessJson(access))).toEqual({
      Version: 1,
      AccessKeyId: access.accessKeyId,
      SecretAccessKey: access.secretAccessKey,
      SessionToken: access.sessionToken,
      Expiration: '2026-11-20T22:15:00.000Z',
    });
  });
});

it('a child has the session, its region and what its parent had, but nothing of who asked', () => {
  const parent = {
    PATH: '/bin',
    AWS_ACCESS_KEY_ID: 'AKIAPARENT',
    AWS_PROFILE: 'agent',
    AWS_REGION: 'us-east-1',
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/run/secrets/token',
    AWS_SECURITY_TOKEN: 'of another session',
    POSTERN_SUBJECT_TOKEN: 'of the signed-in user',
  };
  expect(changedEnvironment(parent, sessionChange(access, 'eu-central-1'))).toEqual({
    PATH: '/bin',
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    AWS_SESSION_TOKEN: access.sessionToken,
    POSTERN_LOGIN: 'off',
    AWS_CREDENTIAL_EXPIRATION: access.expiration.toISOString(),
    AWS_REGION: 'eu-central-1',
    AWS_DEFAULT_REGION: 'eu-central-1',
  });
});

describe('its cache', () => {
  let folder: string;
  let now: number;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'postern-')), 'cache');
    now = NOW;
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));
  const cache = () => makeCredentialCache(folder, () => now);
  const fileOf = async () => join(folder, (await readdir(folder))[0] ?? '');

  const asked = { access, isByPeople: false };
  const isRevoked = async () => false;

  it('asks once, until shortly before the session ends', async () => {
    const ask = vi.fn(async () => asked);
    const ports = { cache: cache(), ask, isRevoked, now: () => now };
    expect(await cachedAccess(key, ports)).toEqual(access);
    expect(await cachedAccess(key, ports)).toEqual(access);
    expect(ask).toHaveBeenCalledTimes(1);
    now = access.expiration.getTime() - 59_000;
    await cachedAccess(key, ports);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('forgets what was revoked, by whomever, and asks anew', async () => {
    const ask = vi.fn(async () => asked);
    await cachedAccess(key, { cache: cache(), ask, isRevoked });
    await cachedAccess(key, { cache: cache(), ask, isRevoked: async () => true });
    expect(ask).toHaveBeenCalledTimes(2);
    await cache().forget('analyst1-01KAE000000000000000000001');
    expect(await cache().read(key)).toBeDefined();
    await cache().forget(access.requestId);
    expect(await cache().read(key)).toBeUndefined();
  });

  const hour = { ...access, expiration: new Date(NOW + 3_600_000) };
  it.each([
    ['people decided', { access: hour, isByPeople: true }, false],
    ['nobody was asked', { access: hour, isByPeople: false }, true],
    ['it lasts a quarter of an hour', asked, false],
  ])('renews a session before boto3 would ask at each call, unless: %s', async (_, kept, renews) => {
    await cache().write(key, kept);
    now = kept.access.expiration.getTime() - 14 * 60_000;
    const next = { ...access, expiration: new Date(now + 3_600_000) };
    const ask = vi.fn(async () => ({ access: next, isByPeople: false }));
    const given = await cachedAccess(key, { cache: cache(), ask, isRevoked, now: () => now });
    expect(given).toEqual(renews ? next : kept.access);
  });

  it('gives what still works, where its renewal cannot be had', async () => {
    await cache().write(key, { access: hour, isByPeople: false });
    now = hour.expiration.getTime() - 14 * 60_000;
    const ask = () => Promise.reject(new Error('denied'));
    expect(await cachedAccess(key, { cache: cache(), ask, isRevoked, now: () => now })).toEqual(hour);
  });

  it('is readable by its owner alone', async () => {
    await cache().write(key, asked);
    expect((await stat(await fileOf())).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it.each<Partial<CacheKey>>([
    { reason: 'other' },
    { endpoint: 'https://x' },
    { caller: 'ops' },
    { durationSeconds: 900 },
  ])('keeps jobs apart: %j', async (other) => {
    await cache().write(key, asked);
    expect(await cache().read({ ...key, ...other })).toBeUndefined();
  });

  it('is refused where others could read or plant it', async () => {
    await cache().write(key, asked);
    const file = await fileOf();
    await chmod(file, 0o644);
    await expect(cache().read(key)).rejects.toMatchObject({ name: 'CacheExposed' });
    await expect(cache().write(key, asked)).rejects.toMatchObject({ name: 'CacheExposed' });
    await chmod(file, 0o600);
    await chmod(folder, 0o755);
    await expect(cache().read(key)).rejects.toMatchObject({ name: 'CacheExposed' });
    await chmod(folder, 0o700);
    await rm(file);
    await symlink('/etc/hostname', file);
    await expect(cache().read(key)).rejects.toMatchObject({ name: 'CacheExposed' });
  });

  it.each(['', '{', '[]', '{"accessKeyId":1}'])('takes the text %j for nothing', async (text) => {
    await cache().write(key, asked);
    await writeFile(await fileOf(), text);
    expect(await cache().read(key)).toBeUndefined();
  });

  it('keeps nothing of a failure', async () => {
    const ask = () => Promise.reject(new Error('denied'));
    await expect(cachedAccess(key, { cache: cache(), ask, isRevoked })).rejects.toThrow('denied');
    expect(await cache().read(key)).toBeUndefined();
  });
});

describe('the container credential endpoint', () => {
  let server: CredentialServer;
  let provide: () => Promise<Access>;
  beforeEach(async () => {
    provide = async () => access;
    server = await serveCredentials(() => provide());
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  const get = (headers: Record<string, string>, path = '') =>
    fetch(server.environment.AWS_CONTAINER_CREDENTIALS_FULL_URI + path, { headers });

  it('serves the AWS SDK', async () => {
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
    const credentials = await ordinaryIdentity({ region: 'eu-central-1' }).credentials();
    expect(credentials).toMatchObject({ accessKeyId: access.accessKeyId, sessionToken: access.sessionToken });
  });

  it('gives nothing without the token, or off its path', async () => {
    const { AWS_CONTAINER_AUTHORIZATION_TOKEN: token } = server.environment;
    for (const headers of [
      {},
      { authorization: '' },
      { authorization: `${token}x` },
      { authorization: token.slice(1) },
    ]) {
      const response = await get(headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain(access.secretAccessKey);
    }
    expect((await get({ authorization: token }, '/../x')).status).toBe(404);
  });

  it('says a denial as one that does not pass', async () => {
    provide = async () => {
      throw new PosternError({ code: 'request_denied', detail: 'Not for analysts.' }, 403);
    };
    const response = await get({ authorization: server.environment.AWS_CONTAINER_AUTHORIZATION_TOKEN });
    expect([response.status, await response.json()]).toEqual([
      403,
      { code: 'request_denied', message: 'Not for analysts.' },
    ]);
  });
});

describe('exit codes', () => {
  it.each([
    ['request_denied', 3],
    ['principal_suspended', 3],
    ['wait_timed_out', 4],
    ['request_expired', 5],
    ['invalid_request', 2],
    ['no_endpoint', 2],
    ['identity_loop', 2],
    ['no_profile', 2],
    ['no_region', 2],
    ['broker_unreachable', 1],
    ['no_credentials', 1],
    ['internal_error', 1],
  ])('%s ends with %i', (code, exit) => {
    expect(exitCodeOf(new PosternError({ code, detail: 'x' }))).toBe(exit);
  });
  it('anything else ends with 1', () => expect(exitCodeOf(new Error('x'))).toBe(1));
});

it('a port that is taken is told as that', async () => {
  const first = await serveCredentials(async () => access);
  const port = Number(new URL(first.environment.AWS_CONTAINER_CREDENTIALS_FULL_URI).port);
  try {
    await expect(serveCredentials(async () => access, { port })).rejects.toThrow(
      `port ${port} is taken; name another one`,
    );
  } finally {
    await first.close();
  }
});
