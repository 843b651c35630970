import { constants } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Access } from '../../sdk/postern.ts';
import { checkOwn, ownFolder } from '../stored/private-files.ts';

const timeSchema = z.iso.datetime().transform((text) => new Date(text));
const cachedSchema = z.object({
  access: z.object({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    expiration: timeSchema,
    requestId: z.string(),
    assumedRoleArn: z.string(),
  }),
  cachedAt: timeSchema,
  isByPeople: z.boolean(),
});

/** A session on disk: since when, and whether people had to decide. */
export type CachedSession = {
  readonly access: Access;
  readonly cachedAt: Date;
  readonly isByPeople: boolean;
};

/** Milliseconds before its end at which a session is no longer given out. */
const SHORTLY = 60_000;

/** A session is for one job: whatever tells jobs apart is part of its name. */
export type CacheKey = {
  readonly endpoint: string;
  readonly reason: string | null;
  /** The job that is asked for by name, where one is. */
  readonly job?: string;
  readonly references?: readonly string[];
  readonly durationSeconds: number | null;
  /** Who signs: the profile, or the access key id. */
  readonly caller: string;
};

/** Sessions kept on disk between runs, each in a file of its own that only its owner can read (0600). */
export function makeCredentialCache(folder: string, now: () => number = Date.now) {
  const pathOf = (key: CacheKey) => join(folder, `${digestOf({ ...key }).slice('sha256:'.length)}.json`);

  async function readFile(path: string): Promise<CachedSession | undefined> {
    if (!(await checkOwn(path, 'file'))) return undefined;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return cachedSchema.safeParse(jsonOf(await file.readFile('utf8'))).data;
    } finally {
      await file.close();
    }
  }

  return {
    /** The session kept for this job, unless it ends shortly. Throws CacheExposed. */
    async read(key: CacheKey): Promise<CachedSession | undefined> {
      if (!(await checkOwn(folder, 'folder'))) return undefined;
      const cached = await readFile(pathOf(key));
      return cached && cached.access.expiration.getTime() - now() > SHORTLY ? cached : undefined;
    },

    /** Keeps a session; a reader sees the old file or the new one, never half of it. Throws CacheExposed. */
    async write(key: CacheKey, session: Omit<CachedSession, 'cachedAt'>): Promise<void> {
      await ownFolder(folder);
      const path = pathOf(key);
      await checkOwn(path, 'file');
      const draft = `${path}.${process.pid}`;
      await rm(draft, { force: true });
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify({ ...session, cachedAt: new Date(now()) }));
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },

    /** Drops the sessions of a request, which was revoked. */
    async forget(requestId: string): Promise<void> {
      if (!(await checkOwn(folder, 'folder'))) return;
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        const cached = name.endsWith('.json') ? await readFile(path) : undefined;
        if (cached?.access.requestId === requestId) await rm(path, { force: true });
      }
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
