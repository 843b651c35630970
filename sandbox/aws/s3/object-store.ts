import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../seed/write-private-file.ts';

/** An object that is listed: its key, and when it was written. */
type ListedObject = { readonly key: string; readonly storedAt: Date };

/** Objects by bucket and key. */
export type ObjectStore = {
  get(bucket: string, key: string): string | undefined;
  put(bucket: string, key: string, body: string): void;
  /** The objects of a bucket, in the order of their keys. */
  list(bucket: string): ListedObject[];
};

// One flat name a key: whatever a key holds, its file stays in the folder.
const nameOf = (bucket: string, key: string) => `${bucket}!${encodeURIComponent(key)}`;

const listed = (bucket: string, names: Iterable<string>, storedAt: (name: string) => Date): ListedObject[] =>
  [...names]
    .filter((name) => name.startsWith(`${bucket}!`))
    .map((name) => ({ key: decodeURIComponent(name.slice(bucket.length + 1)), storedAt: storedAt(name) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));

/** Objects as files of a folder, one each, that a restart leaves there; in memory without a folder. */
export function openObjectStore(folder?: string): ObjectStore {
  if (folder === undefined) return objectsInMemory();
  const pathOf = (bucket: string, key: string) => join(folder, nameOf(bucket, key));
  return {
    get: (bucket, key) =>
      existsSync(pathOf(bucket, key)) ? readFileSync(pathOf(bucket, key), 'utf8') : undefined,
    put: (bucket, key, body) => writePrivateFile(pathOf(bucket, key), body),
    list: (bucket) =>
      listed(
        bucket,
        existsSync(folder) ? readdirSync(folder) : [],
        (name) => statSync(join(folder, name)).mtime,
      ),
  };
}

function objectsInMemory(): ObjectStore {
  const objects = new Map<string, { body: string; storedAt: Date }>();
  return {
    get: (bucket, key) => objects.get(nameOf(bucket, key))?.body,
    put: (bucket, key, body) => void objects.set(nameOf(bucket, key), { body, storedAt: new Date() }),
    list: (bucket) => listed(bucket, objects.keys(), (name) => objects.get(name)?.storedAt ?? new Date(0)),
  };
}
