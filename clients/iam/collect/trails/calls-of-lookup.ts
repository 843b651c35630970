import * as z from 'zod';
import type { CollectedCalls } from '../../account/collected-account.ts';
import { type Collecting, DeniedRead, pagesOf } from '../collecting.ts';
import { gatherCalls } from './gather-calls.ts';

const DAY_MS = 86_400_000;
/** CloudTrail keeps no more for this call. */
const MOST_DAYS = 90;
/** Pages of fifty events of one region: at two a second, some four minutes. */
export const MOST_PAGES = 500;
/** CloudTrail answers two of these calls a second. */
const BETWEEN_MS = 550;

const pageSchema = z.object({
  Events: z.array(z.object({ CloudTrailEvent: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
});

type Kept = { part: CollectedCalls; next?: string };

/**
 * What CloudTrail's own history tells, newest first: management events of the last 90 days. For small accounts: where a
 * region has more than the pages that are read, the rest is a gap, and trail files are the way. The calls of IAM are told
 * in one region alone, which is looked at too.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function callsOfLookup(collecting: Collecting): Promise<CollectedCalls> {
  const { account, regions, home, gaps, tell } = collecting;
  const all = gatherCalls(account);
  const cutOff: string[] = [];
  const missing: string[] = [];
  const ofGlobal = regionOfGlobal(home);
  async function readRegion(region: string): Promise<void> {
    let [pages, first] = [0, ''];
    for await (const { part, next } of pagesIn(collecting, region)) {
      all.add(part);
      pages += 1;
      first = part.from ?? first;
      tell(`calls that CloudTrail keeps of ${region}: ${pages * 50}`);
      if (pages < MOST_PAGES || next === undefined) continue;
      cutOff.push(`${region} before ${first}`);
      break;
    }
  }
  for (const region of regions) await readRegion(region);
  if (!regions.includes(ofGlobal))
    await readRegion(ofGlobal).catch((error: unknown) => {
      // Nobody named this region: where it may not be read, the others stay.
      if (!(error instanceof DeniedRead)) throw error;
      missing.push(`calls of IAM are told in ${ofGlobal}: ${error.message}`);
    });
  if (cutOff.length > 0)
    missing.push(
      `there are more events than LookupEvents is asked for: none of ${cutOff.join(', ')}; give the trail’s files with --cloudtrail`,
    );
  if (missing.length > 0) gaps.calls = missing.join('; ');
  return all.gathered();
}

function pagesIn({ read, once, wait, account, begunAt, days }: Collecting, region: string) {
  const StartTime = new Date(begunAt.getTime() - Math.min(days, MOST_DAYS) * DAY_MS);
  let nth = 0;
  return pagesOf<Kept>(async (NextToken) => {
    nth += 1;
    const page = await once(`calls ${region} ${nth}`, async (): Promise<Kept> => {
      await wait(BETWEEN_MS);
      const { Events, NextToken: next } = pageSchema.parse(
        await read(
          'cloudtrail:LookupEvents',
          { StartTime, EndTime: begunAt, MaxResults: 50, ...(NextToken && { NextToken }) },
          region,
        ),
      );
      const calls = gatherCalls(account);
      for (const { CloudTrailEvent = '{}' } of Events) calls.addEvent(jsonOf(CloudTrailEvent));
      return { part: calls.gathered(), ...(next && { next }) };
    });
    return { page, next: page.next };
  });
}

/** Where the calls of services that have no region are told, of a partition. */
function regionOfGlobal(home: string): string {
  if (home.startsWith('cn-')) return 'cn-north-1';
  return home.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

/** What is no JSON is counted as an event that could not be read. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
