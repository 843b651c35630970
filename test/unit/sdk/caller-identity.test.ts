import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ordinaryIdentity } from '../../../clients/sdk/caller-identity.ts';
import { isServedByPostern } from '../../../clients/sdk/find-identity-loop.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'postern-identity-'));
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_')))
    vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** A program that notes each of its runs, and says what a credential process says. */
function program(name: string): { path: string; runs: () => number } {
  const path = join(home, name);
  const noted = join(home, `${name}.runs`);
  const answer = JSON.stringify({ Version: 1, AccessKeyId: 'AKIAOTHER', SecretAccessKey: 'x' });
  writeFileSync(
    path,
    `#!/bin/sh\necho "\${POSTERN_RESOLVING_IDENTITY:-unmarked}" >> ${noted}\necho '${answer}'\n`,
  );
  chmodSync(path, 0o755);
  return {
    path,
    runs: () => (existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n').length : 0),
  };
}

const config = (text: string) => writeFileSync(join(home, 'config'), text);
const AGENT =
  '[profile agent]\naws_access_key_id = AKIAAGENT\naws_secret_access_key = y\nregion = eu-west-1\n';

describe('a profile that leads back to postern', () => {
  const loops = (profile: string, env: Record<string, string> = {}) => {
    const postern = program('postern');
    const line = `credential_process = ${postern.path} credential-process --reason "The report."`;
    config(`${AGENT}[${profile}]\nregion = eu-central-1\n${line}\n`);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    return postern;
  };

  it.each<[string, string, Record<string, string>]>([
    ['by AWS_PROFILE', 'profile bank', { AWS_PROFILE: 'bank' }],
    ['as the default', 'default', {}],
    [
      'by AWS_PROFILE, which outranks old keys',
      'profile bank',
      { AWS_PROFILE: 'bank', AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SECRET_ACCESS_KEY: 'z' },
    ],
  ])('is refused at once, in one line that says what to write: %s', async (_, profile, env) => {
    const postern = loops(profile, env);
    const error = await ordinaryIdentity()
      .credentials()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'identity_loop',
      message: expect.stringMatching(/^The profile (bank|default) .*--profile <other>.*$/),
    });
    expect(postern.runs()).toBe(0);
  });

  it('does no harm where another is named, as the documents have it, in a dirty environment too', async () => {
    const postern = loops('default', { AWS_PROFILE: 'default', AWS_ACCESS_KEY_ID: 'AKIAOLD' });
    const { accessKeyId } = await ordinaryIdentity({ profile: 'agent' }).credentials();
    expect([accessKeyId, postern.runs()]).toEqual(['AKIAAGENT', 0]);
  });

  it('is refused through a profile that it is the source of', async () => {
    loops('profile bank', { AWS_PROFILE: 'role' });
    config(
      `${readFileSync(join(home, 'config'), 'utf8')}[profile role]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = bank\n`,
    );
    await expect(ordinaryIdentity().credentials()).rejects.toMatchObject({ code: 'identity_loop' });
  });

  it('ends at the second level, where a program of another name hides it', async () => {
    vi.stubEnv('POSTERN_RESOLVING_IDENTITY', '1');
    config(AGENT);
    await expect(ordinaryIdentity({ profile: 'agent' }).credentials()).rejects.toMatchObject({
      code: 'identity_loop',
    });
  });

  it('marks what it starts, so that the second level can see it, and nothing else', async () => {
    const other = program('other-helper');
    config(`[profile agent]\ncredential_process = ${other.path}\n`);
    const { accessKeyId } = await ordinaryIdentity({ profile: 'agent' }).credentials();
    expect(accessKeyId).toBe('AKIAOTHER');
    expect(readFileSync(join(home, 'other-helper.runs'), 'utf8')).toBe(`${process.pid}\n`);
    expect(process.env.POSTERN_RESOLVING_IDENTITY).toBeUndefined();
  });

  it.each([
    ['postern credential-process --reason "x"', true],
    ['/usr/bin/node /opt/postern/postern.mjs --profile a credential-process -r x', true],
    ['C:\\tools\\postern.cmd credential-process', true],
    ['aws-vault export --format=json agent', false],
    ['postern-like exec', false],
  ])('%s: %s', (credential_process, isPostern) => {
    expect(isServedByPostern({ credential_process })).toBe(isPostern);
  });
});

describe('what is told where there is nothing to sign with', () => {
  it.each<[string, string, Record<string, string>, object]>([
    [
      'a misspelt profile',
      AGENT,
      { AWS_PROFILE: 'typo' },
      { code: 'no_profile', message: expect.stringContaining('There is no profile typo') },
    ],
    [
      'an expired sign-in',
      '[profile sso]\nregion = eu-central-1\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = x\n[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-central-1\n',
      { AWS_PROFILE: 'sso' },
      { code: 'sign_in_expired', message: expect.stringContaining('run aws sso login --profile sso') },
    ],
    ['nothing at all', '', {}, { code: 'no_credentials' }],
    ['an empty profile', '[profile empty]\n', { AWS_PROFILE: 'empty' }, { code: 'no_credentials' }],
  ])('%s', async (_, text, env, expected) => {
    config(text);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await expect(ordinaryIdentity().credentials()).rejects.toMatchObject(expected);
  });

  it('a missing region, unless one of the two variables has it', async () => {
    config('[profile noregion]\naws_access_key_id = AKIAX\naws_secret_access_key = y\n');
    vi.stubEnv('AWS_PROFILE', 'noregion');
    await expect(ordinaryIdentity().region()).rejects.toMatchObject({
      code: 'no_region',
      message: expect.stringMatching(/AWS_REGION, or --region/),
    });
    vi.stubEnv('AWS_DEFAULT_REGION', 'eu-north-1');
    expect(await ordinaryIdentity().region()).toBe('eu-north-1');
  });
});
