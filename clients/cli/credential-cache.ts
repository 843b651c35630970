import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import type { Access } from '../sdk/postern.ts';

const cachedSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiration: z.iso.datetime().transform((text) => new Date(text)),
  requestId: z.string(),
  assumedRoleArn: z.string(),
});

/** Milliseconds before its end at which a session is no longer given out. */
const SHORTLY = 60_000;
/** Bits by which group or others could read or write. */
const OTHERS = 0o077;

/** A cache that somebody else may have read, or planted. Nothing is read from it, nothing written to it. */
export class CacheExposed extends Error {
  override readonly name = 'CacheExposed';
}

/** A session is for one job: whatever tells jobs apart is part of its name. */
export type CacheKey = {
  readonly endpoint: string;
  readonly reason: string;
  readonly durationSeconds: number | null;
  /** Who signs: the profile, or the access key id. */
  readonly caller: string;
};

async function checkOwn(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return false;
  const right = kind === 'file' ? found.isFile() : found.isDirectory();
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!right || !mine || (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)) {
    throw new CacheExposed(`${path} is not a ${kind} that only you can read; remove it, then try again`);
  }
  return true;
}

/** Sessions kept on disk between runs, each in a file of its own that only its owner can read (0600). */
export function makeCredentialCache(folder: string, now: () => number = Date.now) {
  const pathOf = (key: CacheKey) => join(folder, `${digestOf({ ...key }).slice('sha256:'.length)}.json`);

  return {
    /** The session kept for this job, unless it ends shortly. Throws CacheExposed. */
    async read(key: CacheKey): Promise<Access | undefined> {
      const path = pathOf(key);
      if (!(await checkOwn(folder, 'folder')) || !(await checkOwn(path, 'file'))) return undefined;
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const cached = cachedSchema.safeParse(jsonOf(await file.readFile('utf8')));
        return cached.success && cached.data.expiration.getTime() - now() > SHORTLY ? cached.data : undefined;
      } finally {
        await file.close();
      }
    },

    /** Keeps a session; a reader sees the old file or the new one, never half of it. Throws CacheExposed. */
    async write(key: CacheKey, access: Access): Promise<void> {
      if (!(await checkOwn(folder, 'folder'))) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await chmod(folder, 0o700);
      }
      const path = pathOf(key);
      await checkOwn(path, 'file');
      const draft = `${path}.${process.pid}`;
      await rm(draft, { force: true });
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(access));
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
  };
}
export type CredentialCache = ReturnType<typeof makeCredentialCache>;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
