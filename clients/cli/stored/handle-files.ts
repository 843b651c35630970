import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { HandleStore, HeldHandle, RequestHandle } from '../../sdk/request-handles.ts';
import { checkOwn, ownFolder } from './private-files.ts';

const handleSchema = z.strictObject({ idempotencyKey: z.uuid(), requestId: z.string().max(100).optional() });

/** In a file's name, of one that nobody works on. */
const NOBODY = 0;
/** An idempotency key stands for a day, and no request is open for longer than two. */
const OLD_MS = 2 * 24 * 60 * 60 * 1000;
/** `<job>.<process that works on it>.<random>.json` */
const NAME = /^([0-9a-f]{64})\.(\d+)\.([0-9a-f]{16})\.json$/;

type Name = { readonly job: string; readonly owner: number; readonly random: string };
const fileOf = ({ job, owner, random }: Name): string => `${job}.${owner}.${random}.json`;

function nameOf(file: string): Name | undefined {
  const [, job, owner, random] = NAME.exec(file) ?? [];
  return job && owner && random ? { job, owner: Number(owner), random } : undefined;
}

/** Whether a process still runs. One that another user started counts as running. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Handles on disk, each a file that only its owner can read (0600), so that a run which was killed is gone on with by
 * the next. Who works on one stands in its name: renaming takes it, and only one can.
 */
export function makeHandleFiles(folder: string, isRunning: (pid: number) => boolean = runs): HandleStore {
  const pathOf = (name: Name) => join(folder, fileOf(name));

  /** Writes beside it first: a reader sees a whole file or none. */
  async function write(name: Name, handle: RequestHandle): Promise<void> {
    const draft = join(folder, `${name.random}.${process.pid}.draft`);
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(handle));
    } finally {
      await file.close();
    }
    await rename(draft, pathOf(name));
  }

  /** Removes what was left behind so long ago that its request is over. */
  async function dropOld(): Promise<void> {
    for (const file of await readdir(folder)) {
      const path = join(folder, file);
      const { mtimeMs } = await lstat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > OLD_MS) await rm(path, { force: true });
    }
  }

  async function read(name: Name): Promise<RequestHandle | undefined> {
    await checkOwn(pathOf(name), 'file');
    const file = await open(pathOf(name), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return handleSchema.safeParse(jsonOf(await file.readFile('utf8'))).data;
    } finally {
      await file.close();
    }
  }

  function held(name: Name, first: RequestHandle): HeldHandle {
    let handle = first;
    return {
      get handle() {
        return handle;
      },
      async note(requestId) {
        handle = { ...handle, requestId };
        await write(name, handle);
      },
      // One that is gone needs no letting go.
      letGo: () => rename(pathOf(name), pathOf({ ...name, owner: NOBODY })).catch(() => {}),
      forget: () => rm(pathOf(name), { force: true }),
    };
  }

  return {
    async takeUp(job) {
      if (!(await checkOwn(folder, 'folder'))) return undefined;
      const names = (await readdir(folder)).flatMap((file) => nameOf(file) ?? []);
      const free = names.filter(
        (name) => name.job === job && !(name.owner !== NOBODY && isRunning(name.owner)),
      );
      for (const name of free) {
        const mine = { ...name, owner: process.pid };
        // Whoever is later finds no such file.
        const isTaken = await rename(pathOf(name), pathOf(mine)).then(
          () => true,
          () => false,
        );
        const handle = isTaken ? await read(mine) : undefined;
        if (handle) return held(mine, handle);
        if (isTaken) await rm(pathOf(mine), { force: true });
      }
      return undefined;
    },
    async hold(job, handle) {
      await ownFolder(folder);
      await dropOld();
      const name = { job, owner: process.pid, random: randomBytes(8).toString('hex') };
      await write(name, handle);
      return held(name, handle);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
