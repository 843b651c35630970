import { type HandleStore, makeMemoryHandles } from '../../sdk/request-handles.ts';
import type { CliContext } from '../cli-context.ts';
import { makeHandleFiles } from './handle-files.ts';
import { requestsFolder } from './private-folders.ts';

/** A disk that takes nothing. */
const NOT_WRITABLE = ['EACCES', 'EROFS', 'ENOSPC', 'EPERM', 'ENOTDIR', 'EDQUOT'];

/**
 * Where this user's open requests are kept: files, or where the disk takes none, which is said, the memory of this
 * process. Throws CacheExposed where others could read or plant them.
 */
export function keepRequests({ env, err }: Pick<CliContext, 'env' | 'err'>): HandleStore {
  const folder = requestsFolder(env);
  const files = makeHandleFiles(folder);
  const memory = makeMemoryHandles();
  return {
    takeUp: (job) => files.takeUp(job),
    hold: (job, handle) =>
      files.hold(job, handle).catch((error: NodeJS.ErrnoException) => {
        if (!NOT_WRITABLE.includes(error.code ?? '')) throw error;
        err(
          `postern: ${folder} cannot be written: an interrupted run has to be gone on with by its request's id`,
        );
        return memory.hold(job, handle);
      }),
  };
}

/** Keeps new requests, and takes up none: for whoever wants one more of the same. */
export const keepNewRequests = (context: Pick<CliContext, 'env' | 'err'>): HandleStore => ({
  ...keepRequests(context),
  takeUp: async () => undefined,
});
