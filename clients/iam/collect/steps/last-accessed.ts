import * as z from 'zod';
import { type Collecting, orGap } from '../collecting.ts';
import { isRefusedAs } from '../reads.ts';

const jobSchema = z.object({ JobId: z.string() });
const date = z.union([z.date(), z.string()]).optional();
const pageSchema = z.object({
  JobStatus: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']),
  ServicesLastAccessed: z
    .array(
      z.object({
        ServiceNamespace: z.string(),
        LastAuthenticated: date,
        TrackedActionsLastAccessed: z
          .array(z.object({ ActionName: z.string(), LastAccessedTime: date }))
          .optional(),
      }),
    )
    .default([]),
  IsTruncated: z.boolean().default(false),
  Marker: z.string().optional(),
  Error: z.object({ Message: z.string() }).optional(),
});

/** Jobs that run beside each other. */
const AT_ONCE = 10;
const MOST_TRIES = 120;
const BETWEEN_MS = 1_000;

/** Principals with an ARN each; those that AWS's services made for themselves are not asked about. */
const namedSchema = z.object({ Arn: z.string(), Path: z.string().default('/') });
const detailsSchema = z.object({
  UserDetailList: z.array(namedSchema).default([]),
  RoleDetailList: z.array(namedSchema).default([]),
});

/**
 * What each user and role last did, by service and, where AWS follows them, by action.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export async function readLastAccessed(
  collecting: Collecting,
  details: object,
): Promise<Record<string, unknown> | undefined> {
  const { UserDetailList, RoleDetailList } = detailsSchema.parse(details);
  const arns = [...UserDetailList, ...RoleDetailList]
    .filter(({ Path }) => !Path.startsWith('/aws-service-role/'))
    .map(({ Arn }) => Arn);
  return orGap(collecting, 'lastAccessed', async () => {
    const found: Record<string, unknown> = {};
    for (let start = 0; start < arns.length; start += AT_ONCE) {
      collecting.tell(`when services were last used: ${start} of ${arns.length}`);
      const batch = arns.slice(start, start + AT_ONCE);
      const answers = await Promise.all(
        batch.map((arn) => collecting.once(`lastAccessed ${arn}`, () => readOne(collecting, arn))),
      );
      for (const [nth, arn] of batch.entries()) if (answers[nth] !== null) found[arn] = answers[nth];
    }
    return found;
  });
}

/** `null` where the principal was deleted meanwhile. */
async function readOne({ read, wait }: Collecting, Arn: string) {
  try {
    const { JobId } = jobSchema.parse(
      await read('iam:GenerateServiceLastAccessedDetails', { Arn, Granularity: 'ACTION_LEVEL' }),
    );
    const all: z.infer<typeof pageSchema>['ServicesLastAccessed'] = [];
    let marker: string | undefined;
    for (let nth = 0; nth < MOST_TRIES; nth += 1) {
      const page = pageSchema.parse(
        await read('iam:GetServiceLastAccessedDetails', { JobId, ...(marker && { Marker: marker }) }),
      );
      if (page.JobStatus === 'FAILED')
        throw new Error(`AWS could not say what ${Arn} used: ${page.Error?.Message}`);
      if (page.JobStatus === 'IN_PROGRESS') {
        await wait(BETWEEN_MS);
        continue;
      }
      all.push(...page.ServicesLastAccessed);
      if (!page.IsTruncated) return all;
      marker = page.Marker;
    }
    throw new Error(`AWS did not say within ${(MOST_TRIES * BETWEEN_MS) / 1000} seconds what ${Arn} used`);
  } catch (error) {
    if (isRefusedAs(error, 'NoSuchEntityException') || isRefusedAs(error, 'NoSuchEntity')) return null;
    throw error;
  }
}
