import { build } from 'esbuild';

const ENTRY = `
export { parsePolicy } from './policy/parse/parse-policy.ts';
export { evaluate } from './policy/evaluate/evaluate.ts';
export { makeReference, prove } from './policy/prove/prove.ts';
export { proveSession, readReference } from './policy/prove/prove-session.ts';
`;

/** The bytes that parsing, evaluating and proving take, bundled and minified; data is given by argument. */
export async function policyBundleBytes(): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: '.', loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    platform: 'neutral',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}
