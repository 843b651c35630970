import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import type { CfnTemplate } from './types.ts';

const SYNTH_PROCESS = fileURLToPath(new URL('./synth-process.ts', import.meta.url));

/**
 * Synthesises the CDK app in a process of its own: it takes a second and some 300 MB, which only a process gives
 * back. It sees nothing of this one's environment but the folder of the configuration, so that the template
 * depends on the repository and the catalog alone. Throws ConfigError where the
 * configuration is refused, else with what the app printed.
 */
export async function synthesise(configDir: string): Promise<CfnTemplate> {
  // What is deployed is held against CloudFormation's rules, which takes as long again: npm run synth, and the tests.
  const env = { POSTERN_CONFIG_DIR: configDir, CDK_VALIDATION: 'false' };
  const child = fork(SYNTH_PROCESS, [], { env, execArgv: [], silent: true });
  const printed = child.stderr ? text(child.stderr) : Promise.resolve('');
  let answered: { template?: CfnTemplate; refused?: string } = {};
  child.once('message', (message) => {
    answered = message as typeof answered;
  });
  await once(child, 'close');
  const { template, refused } = answered;
  if (refused !== undefined) throw ConfigError.told(refused);
  if (!template) throw new Error(`the template could not be synthesised:\n${await printed}`);
  return template;
}
