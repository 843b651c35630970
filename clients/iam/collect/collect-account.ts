import * as z from 'zod';
import type { CollectedCalls } from '../account/collected-account.ts';
import { type Collecting, namingDenials, orGap } from './collecting.ts';
import { type Asked, openPartial } from './partial-file.ts';
import type { Read } from './reads.ts';
import { refused } from './refuse.ts';
import { readAccountSettings } from './steps/account-settings.ts';
import { readAuthorizationDetails } from './steps/authorization-details.ts';
import { readCredentialReport } from './steps/credential-report.ts';
import { readLastAccessed } from './steps/last-accessed.ts';
import { readOrganizationPolicies } from './steps/organization-policies.ts';
import { callsOfBucket, isBucket } from './trails/calls-of-bucket.ts';
import { callsOfFolder } from './trails/calls-of-folder.ts';
import { callsOfLookup } from './trails/calls-of-lookup.ts';
import { gatherCalls } from './trails/gather-calls.ts';

const callerSchema = z.object({ Account: z.string().regex(/^\d{12}$/) });

export type CollectOptions = Omit<Asked, 'account'> & {
  readonly file: string;
  readonly home: string;
};

type Around = {
  readonly read: Read;
  readonly tell: (text: string) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly now: () => Date;
};

export type Collection = {
  readonly account: string;
  readonly gaps: Readonly<Record<string, string>>;
};

/**
 * Reads an account into a file, and changes nothing in it. What cannot be read for want of a permission is a gap, and
 * named as one; users, roles and policies are what nothing can be said without. It may be stopped at any time: the same
 * command goes on where it was.
 */
export async function collectAccount(options: CollectOptions, around: Around): Promise<Collection> {
  const { file, home, days, regions, cloudTrail } = options;
  const { Account: account } = callerSchema.parse(await around.read('sts:GetCallerIdentity'));
  const partial = await openPartial(file, { account, days, regions, cloudTrail }, around.now());
  if (partial.resumed > 0)
    around.tell(
      `going on with what was begun at ${partial.begunAt.toISOString()}: ${partial.resumed} parts are there`,
    );
  const gaps: Record<string, string> = {};
  const collecting: Collecting = {
    ...{ account, days, regions, home, gaps },
    read: namingDenials(around.read),
    once: partial.once,
    tell: around.tell,
    wait: around.wait,
    begunAt: partial.begunAt,
  };
  const authorizationDetails = await orGap(collecting, 'authorizationDetails', () =>
    readAuthorizationDetails(collecting),
  );
  if (!authorizationDetails)
    throw refused(`Nothing can be said without users, roles and policies: ${gaps.authorizationDetails}.`);
  const credentialReport = await orGap(collecting, 'credentialReport', () =>
    partial.once('credentialReport', () => readCredentialReport(collecting)),
  );
  const settings = await readAccountSettings(collecting);
  const organizationPolicies = await readOrganizationPolicies(collecting);
  const lastAccessed = await readLastAccessed(collecting, authorizationDetails);
  const calls = await orGap(collecting, 'calls', () => readCalls(collecting, cloudTrail));
  await partial.finish({
    version: 1,
    account,
    collectedAt: partial.begunAt.toISOString(),
    authorizationDetails,
    ...(credentialReport !== undefined && { credentialReport }),
    ...settings,
    ...organizationPolicies,
    ...(lastAccessed && { lastAccessed }),
    ...(calls && { calls }),
    gaps,
  });
  return { account, gaps };
}

/** Calls of the places that were named; of CloudTrail's own history where none was. */
async function readCalls(collecting: Collecting, places: readonly string[]): Promise<CollectedCalls> {
  if (places.length === 0) return callsOfLookup(collecting);
  const all = gatherCalls(collecting.account);
  for (const place of places)
    all.add(await (isBucket(place) ? callsOfBucket(collecting, place) : callsOfFolder(collecting, place)));
  return all.gathered();
}
