import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CDK = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));

/** Runs a command of CDK's on what was synthesised to cdk.out, on this terminal. Throws where it fails. */
export function runCdk(...args: string[]): void {
  const { status } = spawnSync(process.execPath, [CDK, ...args, '--app', 'cdk.out'], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`cdk ${args[0]} failed; nothing after it was done`);
}
