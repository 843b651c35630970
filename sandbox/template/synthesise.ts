import { Worker } from 'node:worker_threads';
import type { CfnTemplate } from './types.ts';

const SYNTH_THREAD = new URL('./synth-thread.ts', import.meta.url);

/**
 * Synthesises the CDK app in a thread of its own: it takes some seconds and 450 MB, which are given back, and
 * the rest of the boot goes on meanwhile. Throws what the app throws.
 */
export function synthesise(): Promise<CfnTemplate> {
  const { promise, resolve, reject } = Promise.withResolvers<CfnTemplate>();
  const worker = new Worker(SYNTH_THREAD, { execArgv: [], argv: [] });
  worker.once('message', (json: string) => {
    resolve(JSON.parse(json));
    void worker.terminate();
  });
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('synthesising the template ended without one')));
  return promise;
}
