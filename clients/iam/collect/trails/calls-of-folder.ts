import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CollectedCalls } from '../../account/collected-account.ts';
import type { Collecting } from '../collecting.ts';
import { refused } from '../refuse.ts';
import { gatherCalls } from './gather-calls.ts';
import { isTrailFile, readTrailFile } from './read-trail-file.ts';

/** What a file on this machine, or a folder of them, tells: as `aws s3 sync` brings a trail's log files. */
export async function callsOfFolder(
  { once, tell, account }: Collecting,
  place: string,
): Promise<CollectedCalls> {
  const files = await filesIn(place);
  if (files.length === 0)
    throw refused(`${place} has no log file of CloudTrail: *.json, *.json.gz, *.jsonl or *.csv.`);
  const all = gatherCalls(account);
  for (const [nth, file] of files.entries()) {
    tell(`calls in ${place}: file ${nth + 1} of ${files.length}`);
    const part = await once(`calls ${file}`, async () => {
      const calls = gatherCalls(account);
      await readTrailFile(file, await readFile(file), calls);
      return calls.gathered();
    });
    all.add(part);
  }
  return all.gathered();
}

async function filesIn(place: string): Promise<string[]> {
  const about = await stat(place).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${place} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  if (!about.isDirectory()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isTrailFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
