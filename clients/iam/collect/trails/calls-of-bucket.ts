import * as z from 'zod';
import type { CollectedCalls } from '../../account/collected-account.ts';
import { type Collecting, pagesOf } from '../collecting.ts';
import { refused } from '../refuse.ts';
import { gatherCalls } from './gather-calls.ts';
import { isTrailFile, readTrailFile } from './read-trail-file.ts';

const DAY_MS = 86_400_000;
const LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

const listSchema = z.object({
  Contents: z.array(z.object({ Key: z.string() })).default([]),
  CommonPrefixes: z.array(z.object({ Prefix: z.string() })).default([]),
  IsTruncated: z.boolean().default(false),
  NextContinuationToken: z.string().optional(),
});
const bytesSchema = z.instanceof(Uint8Array);

export const isBucket = (place: string): boolean => place.startsWith('s3://');

/** Objects that are read at the same time. */
const AT_ONCE = 8;

/**
 * What a trail's log files in a bucket tell, of this account and the days that are looked at: by
 * `s3://bucket/prefix`, as the trail has it; or what one object tells, as Athena writes a query's result.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export async function callsOfBucket(collecting: Collecting, place: string): Promise<CollectedCalls> {
  const [, bucket = '', path = ''] = LOCATION.exec(place) ?? [];
  if (bucket === '') throw refused(`${place} is no place in S3: s3://bucket/prefix.`);
  const { once, tell, account } = collecting;
  const keys = isTrailFile(path) ? [path] : await keysOf(collecting, bucket, path);
  if (keys.length === 0)
    throw refused(`${place} has no log file of account ${account} in the last ${collecting.days} days.`);
  const all = gatherCalls(account);
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    tell(`calls in ${place}: file ${start + 1} of ${keys.length}`);
    const parts = await Promise.all(
      keys.slice(start, start + AT_ONCE).map((Key) =>
        once(`calls s3://${bucket}/${Key}`, async () => {
          const calls = gatherCalls(account);
          const bytes = bytesSchema.parse(await collecting.read('s3:GetObject', { Bucket: bucket, Key }));
          await readTrailFile(`s3://${bucket}/${Key}`, bytes, calls);
          return calls.gathered();
        }),
      ),
    );
    for (const part of parts) all.add(part);
  }
  return all.gathered();
}

/** The log files of the days that are looked at, of every region: `…/CloudTrail/<region>/<year>/<month>/<day>/…`. */
async function keysOf(collecting: Collecting, bucket: string, path: string): Promise<string[]> {
  const folder = path === '' || path.endsWith('/') ? path : `${path}/`;
  const first = new Date(collecting.begunAt.getTime() - collecting.days * DAY_MS);
  const firstDay = first.toISOString().slice(0, 10).replaceAll('-', '/');
  const keys: string[] = [];
  for (const trail of await trailFolders(collecting, bucket, folder)) {
    const { prefixes } = await list(collecting, bucket, { Prefix: trail, Delimiter: '/' });
    for (const region of prefixes) {
      const found = await list(collecting, bucket, { Prefix: region, StartAfter: `${region}${firstDay}` });
      keys.push(...found.keys.filter(isTrailFile));
    }
  }
  return keys;
}

/** Where this account's log files are below a trail's prefix: of an organisation's trail, below its id. */
async function trailFolders(collecting: Collecting, bucket: string, folder: string): Promise<string[]> {
  if (/(?:^|\/)CloudTrail\/$/.test(folder)) return [folder];
  const logs = `${folder}AWSLogs/`;
  const { prefixes } = await list(collecting, bucket, { Prefix: logs, Delimiter: '/' });
  const ofAccount = `${collecting.account}/`;
  return prefixes.flatMap((prefix) => {
    const name = prefix.slice(logs.length);
    if (name === ofAccount) return [`${prefix}CloudTrail/`];
    return name.startsWith('o-') ? [`${prefix}${ofAccount}CloudTrail/`] : [];
  });
}

async function list({ read }: Collecting, Bucket: string, input: object) {
  const [keys, prefixes]: [string[], string[]] = [[], []];
  const pages = pagesOf(async (ContinuationToken) => {
    const page = listSchema.parse(
      await read('s3:ListBucket', { Bucket, ...input, ...(ContinuationToken && { ContinuationToken }) }),
    );
    return { page, next: page.IsTruncated ? page.NextContinuationToken : undefined };
  });
  for await (const { Contents, CommonPrefixes } of pages) {
    keys.push(...Contents.map(({ Key }) => Key));
    prefixes.push(...CommonPrefixes.map(({ Prefix }) => Prefix));
  }
  return { keys, prefixes };
}
