import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CDK = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));

const run = (args: readonly string[]) =>
  spawnSync(process.execPath, [CDK, ...args, '--app', 'cdk.out'], { stdio: 'inherit' }).status;

/** Runs a command of CDK's on what was synthesised to cdk.out, on this terminal. Throws where it fails. */
export function runCdk(...args: string[]): void {
  if (run(args) !== 0) throw new Error(`cdk ${args[0]} failed; nothing after it was done`);
}

/**
 * Prints the permissions that cdk.out would widen, and answers whether there are any. `cdk diff` ends with 1 for them
 * and for a failure alike, so a plain `diff` goes before, which fails where CDK cannot compare at all.
 */
export function widensPermissions(): boolean {
  runCdk('diff');
  return run(['diff', '--security-only', '--fail']) !== 0;
}
