import { homedir } from 'node:os';
import { join } from 'node:path';

const homeOf = ({ HOME }: NodeJS.ProcessEnv): string => HOME || homedir();

/** Where sessions of `credential-process` are kept. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CACHE_HOME || join(homeOf(env), '.cache'), 'postern');

/** Where open requests are kept. */
export const requestsFolder = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_STATE_HOME || join(homeOf(env), '.local', 'state'), 'postern', 'requests');
