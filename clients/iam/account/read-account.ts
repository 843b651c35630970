import { open } from 'node:fs/promises';
import type { Account } from '../../../policy/account/account.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { accountOf } from './account-of.ts';
import { collectedSchema } from './collected-account.ts';

/** Bytes: an account of thousands of roles has some tens of millions. */
const MOST_BYTES = 500_000_000;

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** A collected account, read to be judged. Throws `invalid_policy`, in a line that says what is wrong and where. */
export async function readAccount(file: string, data: IamData): Promise<Account> {
  const value = await readCollected(file);
  const { version } = value !== null && typeof value === 'object' ? (value as { version?: unknown }) : {};
  if (version !== undefined && version !== 1)
    throw refused(
      `${file}: version is ${JSON.stringify(version)?.slice(0, 40)}, and this postern reads version 1: collect the account anew, or take the postern that wrote it.`,
    );
  const read = collectedSchema.safeParse(value);
  if (read.success) return accountOf(read.data, data);
  const [first] = read.error.issues;
  throw refused(
    `${file} is no collected account of version 1: ${first?.path.join('.') || 'the file'}: ${first?.message}`,
  );
}

/** A collected account as it was written, or a part of it. */
export const readCollected = async (file: string): Promise<unknown> => jsonOf(file, await readText(file));

async function readText(file: string): Promise<string> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw refused(`${file} is no file.`);
    if (about.size > MOST_BYTES)
      throw refused(`${file} has ${about.size} bytes: no more than ${MOST_BYTES} are read`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (text.startsWith('{"postern":"collecting"'))
      throw refused(`${file} is an account that is being collected: the same --collect goes on with it.`);
    throw refused(`${file} is no JSON after ${text.length} characters: it may have been cut off.`);
  }
}
