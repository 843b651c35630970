import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../seed/write-private-file.ts';

/** Objects by bucket and key. */
export type ObjectStore = {
  get(bucket: string, key: string): string | undefined;
  put(bucket: string, key: string, body: string): void;
};

/** Objects as files of a folder, one each, that a restart leaves there; in memory without a folder. */
export function openObjectStore(folder?: string): ObjectStore {
  const inMemory = new Map<string, string>();
  // One flat file a key: whatever a key holds, its file stays in the folder.
  const nameOf = (bucket: string, key: string) => `${bucket}!${encodeURIComponent(key)}`;
  if (folder === undefined) {
    return {
      get: (bucket, key) => inMemory.get(nameOf(bucket, key)),
      put: (bucket, key, body) => void inMemory.set(nameOf(bucket, key), body),
    };
  }
  const pathOf = (bucket: string, key: string) => join(folder, nameOf(bucket, key));
  return {
    get: (bucket, key) =>
      existsSync(pathOf(bucket, key)) ? readFileSync(pathOf(bucket, key), 'utf8') : undefined,
    put: (bucket, key, body) => writePrivateFile(pathOf(bucket, key), body),
  };
}
