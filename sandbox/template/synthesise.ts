import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import { cacheBuilt } from '../built/cache-built.ts';
import { digestFiles, digestSources } from '../built/digest-sources.ts';
import type { Synthesised } from './types.ts';

const SYNTH_PROCESS = fileURLToPath(new URL('./synth-process.ts', import.meta.url));

const FILE = 'template.json';

/**
 * The CDK app's template for this configuration: synthesised, or found where these sources and this configuration were
 * synthesised before. Throws ConfigError where the configuration is refused, else with what the app printed.
 */
export async function synthesise(configDir: string): Promise<Synthesised> {
  const key = `template-${digestSources()}-${digestFiles([resolve(configDir)])}`;
  const folder = await cacheBuilt(key, async (folder) => {
    writeFileSync(join(folder, FILE), JSON.stringify(await synthesiseAnew(configDir)));
  });
  return JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
}

/**
 * Synthesises in a process of its own: it takes a second and some 300 MB, which only a process gives back. It sees nothing
 * of this one's environment but the folder of the configuration, so that the template depends on the repository and the
 * catalog alone.
 */
export async function synthesiseAnew(configDir: string): Promise<Synthesised> {
  // What is deployed is held against CloudFormation's rules, which takes as long again: npm run synth, and the tests.
  const env = { POSTERN_CONFIG_DIR: configDir, CDK_VALIDATION: 'false' };
  const child = fork(SYNTH_PROCESS, [], { env, execArgv: [], silent: true });
  const printed = child.stderr ? text(child.stderr) : Promise.resolve('');
  let answered: { template?: Synthesised; refused?: string } = {};
  child.once('message', (message) => {
    answered = message as typeof answered;
  });
  await once(child, 'close');
  const { template, refused } = answered;
  if (refused !== undefined) throw ConfigError.told(refused);
  if (!template) throw new Error(`the template could not be synthesised:\n${await printed}`);
  return template;
}
