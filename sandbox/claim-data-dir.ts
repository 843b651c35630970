import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from './seed/write-private-file.ts';

/**
 * The form of what a data folder keeps: keys of tables, rows, and files. Raise it by one with every change after which
 * what an earlier checkout wrote can no longer be read, as a field that rows must have, a new key of a table, or a
 * file that is laid out otherwise. A field that may be absent needs no new number.
 */
export const DATA_FORMAT = 2;
const FORMAT_FILE = 'format';

/** A data folder that another version of Postern wrote; `npm start` says so in one line. */
export class OtherFormat extends Error {
  override readonly name = 'OtherFormat';

  constructor(folder: string) {
    super(
      `${folder} was written by another version of Postern; delete it (its requests, audit log and keys), or start that version`,
    );
  }
}

/**
 * Marks a new or empty data folder with the format that this version writes. Throws OtherFormat, and leaves all as it
 * is, where the folder has another one, or holds something and has none. To be called before anything of it is read.
 */
export function claimDataDir(folder: string): void {
  const file = join(folder, FORMAT_FILE);
  const isNew = !existsSync(folder) || readdirSync(folder).length === 0;
  if (isNew) writePrivateFile(file, `${DATA_FORMAT}\n`);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== `${DATA_FORMAT}\n`)
    throw new OtherFormat(folder);
}
