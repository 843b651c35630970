import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    hasEmulators: boolean;
  }
}

/** Makes the emulators' virtual environment. Where no package index is reached the tests are skipped, and it is said. */
export default function setup({ provide }: TestProject): void {
  spawnSync('.ci/cloud-venv.sh', { stdio: 'inherit' });
  provide('hasEmulators', existsSync('.ci/.venv-cloud/installed.txt'));
}
