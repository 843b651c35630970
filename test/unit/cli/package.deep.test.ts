import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** The tests run on a newer Node.js than the oldest that the package says it runs on. */
const NOT_IN_NODE_20 = /\b(Map|Object)\.groupBy\b|\bwithResolvers\b|\bArray\.fromAsync\b|\bPromise\.try\b/;

/** Uses the client as another project does, in the strictest reading of its types. */
const USE = `
import { type Access, brokerOf, claimAccessTo, ordinaryIdentity, PosternError, posternCredentials, requestAccess } from 'postern';
export const access: Access = await requestAccess({ reason: 'The report needs the metrics.' });
export const until: Date = access.expiration;
export const provider: () => Promise<Access> = posternCredentials({
  reason: 'The report needs the metrics.',
  identity: ordinaryIdentity(),
});
export const code = await claimAccessTo('x').catch((error) => (error instanceof PosternError ? error.code : ''));
// @ts-expect-error: there is no access without a reason
await requestAccess({});
// @ts-expect-error: there is no such status
export const status: 'NOPE' = (await brokerOf({}).getRequest('x')).status;
`;

/** Compiles that use against the package in this folder, with the libraries that its types name beside it. */
async function compileAgainst(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  renameSync(join(folder, 'package'), join(modules, 'postern'));
  for (const library of ['zod', 'jose'])
    symlinkSync(resolve('node_modules', library), join(modules, library));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'use.ts'), USE);
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2023,dom',
  ];
  await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...options, 'use.ts'], {
    cwd: folder,
  });
}

/** Asks for the catalog at a name that only a proxy resolves: what the program goes by is in its bundle too. */
async function goesByAProxy(program: string): Promise<void> {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    response.end('{"principal":"analyst1","resources":[]}');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { stdout } = await run(process.execPath, [program, '--json', 'catalog'], {
    env: {
      HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      POSTERN_API: 'http://broker.corp.example/api',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
      AWS_SECRET_ACCESS_KEY: 'caller-secret',
      AWS_REGION: 'eu-central-1',
    },
  });
  proxy.close();
  expect(asked).toEqual(['GET http://broker.corp.example/api/catalog']);
  expect(JSON.parse(stdout)).toMatchObject({ principal: 'analyst1' });
}

test('a built package holds the command line and the client, typed, and both run from it alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-package-'));
  try {
    await run(process.execPath, ['scripts/build-clients.ts']);
    const { stdout } = await run('npm', ['pack', './dist/clients', '--json', '--pack-destination', folder]);
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as {
      filename: string;
      files: { path: string }[];
    }[];
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['postern.mjs', 'sdk.mjs', 'LICENSE', 'docs/cli.md']));
    expect(paths.filter((path) => /^(lambdas|sandbox|test|infra|config|clients)\//.test(path))).toEqual([]);
    await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
    const { bin, exports, dependencies, scripts } = JSON.parse(
      readFileSync(join(folder, 'package/package.json'), 'utf8'),
    );
    // Whoever installs it gets what its types name, and nothing of what the broker itself runs on.
    expect([Object.keys(dependencies), scripts]).toEqual([['jose', 'zod'], undefined]);
    for (const path of paths.filter((file) => file.endsWith('.mjs')))
      expect(NOT_IN_NODE_20.exec(readFileSync(join(folder, 'package', path), 'utf8'))?.[0]).toBeUndefined();
    const { stdout: help } = await run(process.execPath, [join(folder, 'package', bin.postern), '--help']);
    expect(help).toContain('Usage: postern');
    await goesByAProxy(join(folder, 'package', bin.postern));
    // What IAM knows of its services comes with it: the action shown is written as AWS writes it.
    const example = (name: string) => resolve('docs/examples/iam', name);
    const proof = await run(process.execPath, [
      join(folder, 'package', bin.postern),
      ...['--json', 'iam', 'prove', '--candidate', example('forgotten-null.json')],
      ...['--reference', example('analysts.json')],
    ]).catch((error: { code: number; stdout: string }) => error);
    expect(proof).toMatchObject({ code: 1, stdout: expect.stringContaining('"dynamodb:GetItem"') });
    // Threads find what they run, and IAM's data, beside the program.
    const checked = await run(process.execPath, [
      join(folder, 'package', bin.postern),
      ...['--json', 'iam', 'check', '--threads', '2', '--fail-on', 'never'],
      ...[example('analysts.json'), example('deployer.json')],
    ]);
    expect(JSON.parse(checked.stdout).policies).toMatchObject([
      { name: example('analysts.json') },
      {
        name: example('deployer.json'),
        findings: expect.arrayContaining([expect.objectContaining({ id: 'P54' })]),
      },
    ]);
    const sdk = (await import(join(folder, 'package', exports['.'].default))) as Record<string, unknown>;
    expect(Object.keys(sdk)).toEqual(expect.arrayContaining(['requestAccess', 'posternCredentials']));
    expect(existsSync(join(folder, 'package', 'node_modules'))).toBe(false);
    await compileAgainst(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
