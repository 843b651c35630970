import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/**
 * All that the template and the functions' bundles are made of; test/sandbox/built holds it against what esbuild reads.
 * Installed packages are what the lock file says.
 */
export const SOURCES = [
  'clients',
  'console',
  'demo',
  'gateway',
  'infra',
  'lambdas',
  'policy',
  'sandbox/built',
  'sandbox/functions',
  'sandbox/template',
  'slack-app',
  'statemachines',
  'docs/examples/step-functions',
  'docs/examples/support-agent',
  'docs/openapi.json',
  'package.json',
  'package-lock.json',
] as const;

/**
 * Digest of every file's name and content in these files and folders, of the repository or absolute, and of the Node that
 * runs. A file that is edited, added, renamed or taken away changes it.
 */
export function digestFiles(roots: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const [index, root] of roots.entries()) {
    const folder = resolve(REPOSITORY, root);
    for (const file of filesIn(folder)) {
      const content = readFileSync(file);
      hash.update(`\0${index}\0${relative(folder, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** Every file of a folder, or the file itself, in one order. A link stands for the file it leads to. */
function filesIn(root: string): string[] {
  const found = statSync(root, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [root] : [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: resolve(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() || (entry.isSymbolicLink() && statSync(path).isFile()))
    .map(({ path }) => path)
    .sort();
}

let ofSources: string | undefined;

/** Digest of the sources as they were when this process first asked: it runs what it loaded. */
export function digestSources(): string {
  ofSources ??= digestFiles(SOURCES);
  return ofSources;
}
