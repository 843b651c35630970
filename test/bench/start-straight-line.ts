import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { REGION } from '../../demo/place.ts';
import { functionEnvironment } from '../../sandbox/functions/function-environment.ts';
import type { Cloud } from '../support/start-cloud.ts';
import { keysOfMint } from './keys-of-mint.ts';
import type { StraightLineAnswer, StraightLineTask } from './straight-line-messages.ts';

/** Starts the straight-line broker on a cloud's endpoints, with keys that may do all of it and every function's variables. */
export async function startStraightLine(cloud: Cloud) {
  const { template, urls, reviewer } = cloud;
  const [first] = template.functions;
  if (!first) throw new Error('the template has no functions');
  const all = { ...first, env: Object.assign({}, ...template.functions.map(({ env }) => env)) };
  const env = functionEnvironment(all, keysOfMint(cloud), {
    region: REGION,
    awsEndpoint: urls.aws,
    declared: { OPENAI_BASE_URL: reviewer.url, OPENAI_MODEL: 'scripted' },
    added: { POSTERN_CONFIG_DIR: 'config' },
  });
  const worker = new Worker(new URL('./straight-line.ts', import.meta.url), {
    env,
    execArgv: [],
    stdout: true,
    stderr: false,
  });
  worker.stdout.resume();
  return {
    async run(task: StraightLineTask): Promise<StraightLineAnswer> {
      worker.postMessage(task);
      const [answer] = await once(worker, 'message');
      return answer;
    },
    close: () => worker.terminate(),
  };
}
