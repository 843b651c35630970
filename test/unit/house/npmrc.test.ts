import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-npmrc-'));
  copyFileSync('.npmrc', join(folder, '.npmrc'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs npm in a project whose one dependency lies beside it, and wants a Node.js that nobody has. */
async function npm(args: readonly string[], dependency = 'file:./newer') {
  mkdirSync(join(folder, 'newer'), { recursive: true });
  writeFileSync(
    join(folder, 'newer/package.json'),
    JSON.stringify({ name: 'newer', version: '1.0.0', engines: { node: '>=99' } }),
  );
  const scripts = { test: "node -e \"console.log('tested'); console.error('warned')\"" };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ scripts, dependencies: { newer: dependency } }),
  );
  const { npm_config_loglevel: _, ...env } = process.env;
  return run('npm', [...args, '--offline', '--cache', join(folder, 'cache')], { cwd: folder, env })
    .then(({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }))
    .catch(({ code, stdout, stderr }) => ({ code, text: `${stdout}${stderr}` }));
}

test('an install says nothing of the Node.js that its packages want', async () => {
  const { code, text } = await npm(['install']);
  expect([code, text.includes('EBADENGINE')]).toEqual([0, false]);
  const loud = await npm(['install', '--loglevel', 'warn']);
  expect(loud.text).toContain('EBADENGINE');
});

test('an install that fails says why', async () => {
  const { code, text } = await npm(['install'], 'file:./no-such-folder.tgz');
  expect(code).not.toBe(0);
  expect(text).toContain('npm error');
  expect(text).toContain('no-such-folder');
});

test('what a script prints is printed', async () => {
  const { code, text } = await npm(['test']);
  expect([code, text.includes('tested'), text.includes('warned')]).toEqual([0, true, true]);
});
