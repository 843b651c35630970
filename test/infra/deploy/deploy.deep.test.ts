import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'postern-deploy-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Runs a command as on a machine where nobody ever signed in to AWS. */
const run = (command: string, env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [resolve('infra/deploy', command)], {
    cwd: resolve('.'),
    env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });

test.each([
  ['deploy.ts', {}, 'no region is set: set AWS_REGION\n'],
  [
    'smoke-demo.ts',
    { AWS_REGION: 'eu-central-1' },
    'there are no valid AWS credentials: sign in, or set AWS_PROFILE\n',
  ],
  [
    'teardown.ts',
    { AWS_REGION: 'eu-central-1' },
    'there are no valid AWS credentials: sign in, or set AWS_PROFILE\n',
  ],
  ['restore/restore.ts', {}, 'name a time: npm run restore -- --to 2026-11-29T04:00:00Z [--yes]\n'],
  [
    'restore/rejoin.ts',
    { AWS_REGION: 'eu-central-1' },
    'npm run rejoin -- --to <time> --reason "…" [--table postern_audit …] [--yes]: --to is the time that tables were restored to, as 2026-11-29T04:00:00Z\n',
  ],
  [
    'deploy.ts',
    { POSTERN_CONFIG_DIR: '/nowhere' },
    'catalog.json: cannot be read in /nowhere; set POSTERN_CONFIG_DIR to its folder\n',
  ],
])('%s with %j stops with one line', async (command, env, line) => {
  await expect(run(command, env)).rejects.toMatchObject({ code: 1, stderr: line });
});

test.each(['--help', '-h'])('deploy %s says how, wherever it is asked', async (option) => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [resolve('infra/deploy/deploy.ts'), option],
    { cwd: home, env: { HOME: home } },
  );
  expect([stdout.startsWith('Usage: npm run deploy'), stderr]).toEqual([true, '']);
});
