import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { TOOLS } from './find-tools.ts';

/** Somebody else's AWS (moto), empty, on a free port: what answers where services are compared. */
export async function startMoto() {
  const child = spawn(resolve(TOOLS, 'bin/python'), ['-m', 'moto.server', '-p', '0'], {
    env: { PATH: process.env.PATH, PYTHONUNBUFFERED: '1', AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  let said = '';
  const { promise, resolve: listens, reject } = Promise.withResolvers<string>();
  const hear = (chunk: Buffer) => {
    said = (said + chunk).slice(-10_000);
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
    if (url !== undefined) listens(url);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.once('exit', () => reject(new Error(`moto does not start:\n${said}`)));
  const url = await promise;
  return {
    url,
    /** Empties it; what it makes up from now on is what it made up after the last time. */
    async reset(): Promise<void> {
      for (const path of ['reset', 'seed?a=42'])
        await fetch(`${url}/moto-api/${path}`, { method: 'POST' }).then((answer) => answer.text());
    },
    async close(): Promise<void> {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
export type Moto = Awaited<ReturnType<typeof startMoto>>;
