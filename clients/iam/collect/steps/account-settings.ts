import * as z from 'zod';
import { type Collecting, orGap, pagesOf } from '../collecting.ts';
import { isRefusedAs } from '../reads.ts';

const summarySchema = z.object({ SummaryMap: z.record(z.string(), z.number()) });
const passwordSchema = z.object({
  PasswordPolicy: z.object({
    MinimumPasswordLength: z.number().optional(),
    PasswordReusePrevention: z.number().optional(),
  }),
});
const analyzersSchema = z.object({
  analyzers: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  nextToken: z.string().optional(),
});
const trailsSchema = z.object({
  trailList: z
    .array(
      z.object({
        TrailARN: z.string(),
        HomeRegion: z.string().optional(),
        IsMultiRegionTrail: z.boolean().default(false),
      }),
    )
    .default([]),
});
const statusSchema = z.object({ IsLogging: z.boolean().default(false) });

/** The account's root user, password policy, analyzers and trails; of those that cannot be read a gap each. */
export async function readAccountSettings(collecting: Collecting): Promise<object> {
  const { once, read, tell } = collecting;
  tell('the account’s settings');
  const accountSummary = await orGap(collecting, 'accountSummary', () =>
    once('accountSummary', async () => summarySchema.parse(await read('iam:GetAccountSummary')).SummaryMap),
  );
  const passwordPolicy = await orGap(collecting, 'passwordPolicy', () =>
    once('passwordPolicy', async () => {
      try {
        return passwordSchema.parse(await read('iam:GetAccountPasswordPolicy')).PasswordPolicy;
      } catch (error) {
        if (isRefusedAs(error, 'NoSuchEntityException') || isRefusedAs(error, 'NoSuchEntity')) return null;
        throw error;
      }
    }),
  );
  const analyzers = await orGap(collecting, 'analyzers', () =>
    once('analyzers', () => readAnalyzers(collecting)),
  );
  const trails = await orGap(collecting, 'trails', () => once('trails', () => readTrails(collecting)));
  return {
    ...(accountSummary && { accountSummary }),
    ...(passwordPolicy !== undefined && { passwordPolicy }),
    ...(analyzers && { analyzers }),
    ...(trails && { trails }),
  };
}

/** Of every region that is looked at. */
async function readAnalyzers({ read, regions }: Collecting) {
  const all: z.infer<typeof analyzersSchema>['analyzers'] = [];
  for (const region of regions) {
    const pages = pagesOf(async (nextToken) => {
      const page = analyzersSchema.parse(
        await read('access-analyzer:ListAnalyzers', nextToken ? { nextToken } : {}, region),
      );
      return { page, next: page.nextToken };
    });
    for await (const { analyzers } of pages) all.push(...analyzers);
  }
  return all;
}

async function readTrails({ read }: Collecting) {
  const { trailList } = trailsSchema.parse(await read('cloudtrail:DescribeTrails'));
  const trails: { IsMultiRegionTrail: boolean; IsLogging: boolean }[] = [];
  for (const { TrailARN, HomeRegion, IsMultiRegionTrail } of trailList) {
    const { IsLogging } = statusSchema.parse(
      await read('cloudtrail:GetTrailStatus', { Name: TrailARN }, HomeRegion),
    );
    trails.push({ IsMultiRegionTrail, IsLogging });
  }
  return trails;
}
