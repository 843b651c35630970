import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

/** Where .ci/make-clients puts the tools. */
export const TOOLS = '.ci/.venv-clients';

declare module 'vitest' {
  interface ProvidedContext {
    /** The tools that are there, by the name of their file. */
    tools: string[];
  }
}

const REQUIRED = ['bin/python', 'bin/aws', 'bin/st', 'python/bin/pytest'];
const OPTIONAL = ['bin/go-client', 'java/classes/Client.class'];

/** Looks for the tools: where they are missing, the tests are skipped and say how to get them; in CI they fail. */
export default function setup(project: TestProject): void {
  const missing = REQUIRED.filter((file) => !existsSync(`${TOOLS}/${file}`));
  if (missing.length > 0) {
    const said = `${TOOLS} lacks ${missing.join(', ')}: run .ci/make-clients`;
    if (process.env.CI) throw new Error(said);
    console.warn(`SKIPPED: ${said}`);
  }
  const tools = missing.length > 0 ? [] : [...REQUIRED, ...OPTIONAL];
  project.provide(
    'tools',
    tools.filter((file) => existsSync(`${TOOLS}/${file}`)),
  );
}
