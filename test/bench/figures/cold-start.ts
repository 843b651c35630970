import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunctions } from '../../../infra/bundle/bundle-functions.ts';
import type { Row, Say } from '../figure.ts';
import { figureOf } from '../measure.ts';

const run = promisify(execFile);
/** How often each is imported, in a fresh process every time. */
const TIMES = 7;
const IMPORT = [
  'const startedAt = performance.now();',
  'await import(process.argv[1]);',
  'console.log(performance.now() - startedAt);',
].join('');
/** What Lambda's runtime sets: with it a function loads what it loads there. */
const ON_LAMBDA = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'postern-bench',
};

async function importMs(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', IMPORT, file], {
    env: ON_LAMBDA,
  });
  return Number(stdout.trim().split('\n').at(-1));
}

/** What each function takes to import, as it is deployed, beside an empty handler in the same run. */
export async function takeFigure(say: Say): Promise<Row[]> {
  const bundles = Object.entries(await bundleFunctions());
  const folder = mkdtempSync(join(tmpdir(), 'postern-empty-'));
  const empty = join(folder, 'index.mjs');
  const samples = new Map<string, number[]>();
  const sample = async (name: string, file: string) =>
    samples.set(name, [...(samples.get(name) ?? []), await importMs(file)]);
  try {
    writeFileSync(empty, 'export const handler = async () => {};\n');
    // Round by round, so that a busy moment falls on all of them.
    for (let round = 0; round < TIMES; round += 1) {
      say(`round ${round + 1} of ${TIMES} …`);
      await sample('', empty);
      for (const [name, bundle] of bundles) await sample(name, join(bundle.folder, 'index.mjs'));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const base = figureOf(samples.get('') ?? []);
  return [
    { what: 'an empty handler', 'bundle kB': 0, 'import p50 ms': base.p50, 'import p95 ms': base.p95 },
    ...bundles
      .map(([name, { javascriptBytes }]) => {
        const { p50, p95 } = figureOf(samples.get(name) ?? []);
        return {
          what: name,
          'bundle kB': Math.round(javascriptBytes / 1000),
          'import p50 ms': p50,
          'import p95 ms': p95,
          'above empty, ms': Math.round(p50 - base.p50),
        };
      })
      .sort((left, right) => right['import p50 ms'] - left['import p50 ms']),
  ];
}
