import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { PosternError } from '../sdk/postern-error.ts';

const loginSchema = z.strictObject({
  version: z.literal(1),
  /** The broker that it is for. */
  endpoint: z.string(),
  issuer: z.url(),
  clientId: z.string(),
  /** What is brought to the broker. */
  token: z.string(),
  expiresAt: z.iso.datetime(),
  refreshToken: z.string().optional(),
  /** The key that the tokens are bound to (DPoP), where the issuer binds them. */
  key: z
    .object({ privateJwk: z.record(z.string(), z.unknown()), publicJwk: z.record(z.string(), z.unknown()) })
    .optional(),
});
/** A login to one broker, as it is kept. */
export type Login = z.infer<typeof loginSchema>;

/** Bits by which group or others could read or write. */
const OTHERS = 0o077;

/** Where the login to a broker is kept. `POSTERN_LOGIN=off` says that there is none: so a child has no part in it. */
export function loginFileOf(endpoint: string, env: NodeJS.ProcessEnv): string | undefined {
  if (env.POSTERN_LOGIN === 'off') return undefined;
  const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
  const name = createHash('sha256').update(endpoint.replace(/\/+$/, '')).digest('hex').slice(0, 32);
  return join(state, 'postern', 'logins', `${name}.json`);
}

/** Whether somebody is logged in to a broker. */
export function isLoggedIn(endpoint: string, env: NodeJS.ProcessEnv): boolean {
  const file = loginFileOf(endpoint, env);
  return file !== undefined && existsSync(file);
}

const exposed = (path: string) =>
  new PosternError({
    code: 'login_exposed',
    detail: `${path} can be read by others than you: remove it, and log in again.`,
  });

async function checkOwn(path: string): Promise<void> {
  const found = await lstat(path);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!mine || (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)) throw exposed(path);
}

/** The login that a file holds. Throws PosternError: `not_logged_in`, `login_exposed`. */
export async function readLogin(file: string): Promise<Login> {
  const none = () =>
    new PosternError({ code: 'not_logged_in', detail: 'You are not logged in: postern login.' });
  try {
    await checkOwn(file);
    return loginSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw error instanceof PosternError ? error : none();
  }
}

/** Keeps a login for this user's eyes alone; whole, or not at all. */
export async function writeLogin(file: string, login: Login): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const draft = join(folder, `.${randomUUID()}`);
  await writeFile(draft, `${JSON.stringify(loginSchema.parse(login))}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
}

export const forgetLogin = (file: string): Promise<void> => rm(file, { force: true });
