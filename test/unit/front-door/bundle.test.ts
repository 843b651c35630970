import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const packagesOf = async (entry: string) => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../../../${entry}`, import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    outfile: 'bundle.mjs',
  });
  const packages = Object.keys(metafile.inputs).map(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1],
  );
  return { packages: new Set(packages), bytes: Object.values(metafile.outputs)[0]?.bytes ?? 0 };
};

it('the front door carries neither the guardrail engine, nor Slack, nor the model’s client', async () => {
  const { packages, bytes } = await packagesOf('lambdas/front-door/handler.ts');
  for (const heavy of ['@cedar-policy/cedar-wasm', '@slack/bolt', 'openai', '@slack/web-api']) {
    expect(packages).not.toContain(heavy);
  }
  expect(packages).toContain('hono');
  expect(bytes).toBeLessThan(1_500_000);
});
