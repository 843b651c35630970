import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('a built package holds the command line and the client, and both run from it alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-package-'));
  try {
    // Its `prepare` builds what it packs.
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder]);
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as {
      filename: string;
      files: { path: string }[];
    }[];
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toContain('dist/clients/postern.mjs');
    expect(paths.filter((path) => /^(lambdas|sandbox|test|infra|config)\//.test(path))).toEqual([]);
    await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
    const { bin, exports } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    const { stdout: help } = await run(process.execPath, [join(folder, 'package', bin.postern), '--help']);
    expect(help).toContain('Usage: postern');
    const sdk = (await import(join(folder, 'package', exports['.'].default))) as Record<string, unknown>;
    expect(Object.keys(sdk)).toEqual(expect.arrayContaining(['requestAccess', 'posternCredentials']));
    expect(existsSync(join(folder, 'package', 'node_modules'))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
