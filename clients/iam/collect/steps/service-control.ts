import * as z from 'zod';
import { type Collecting, orGap, pagesOf } from '../collecting.ts';
import { isRefusedAs } from '../reads.ts';

const organizationSchema = z.object({ Organization: z.object({ MasterAccountId: z.string() }) });
const parentsSchema = z.object({ Parents: z.array(z.object({ Id: z.string() })).default([]) });
const listedSchema = z.object({
  Policies: z.array(z.object({ Id: z.string(), Name: z.string() })).default([]),
  NextToken: z.string().optional(),
});
const policySchema = z.object({ Policy: z.object({ Content: z.string() }) });

/** Units of an organisation are nested five deep at most; above them is the root. */
const MOST_LEVELS = 8;

type Found = { Name: string; Content: string; Target: string };

/**
 * The service control policies of the account, by the level that each is attached to. None outside an organisation, and
 * none of its management account, which they do not limit. Only that account, or a delegated administrator, may read them.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export const readServiceControl = (collecting: Collecting): Promise<Found[] | undefined> =>
  orGap(collecting, 'serviceControlPolicies', () =>
    collecting.once('serviceControlPolicies', () => readLevels(collecting)),
  );

async function readLevels({ read, tell, account }: Collecting): Promise<Found[]> {
  tell('the organisation’s service control policies');
  try {
    const { Organization } = organizationSchema.parse(await read('organizations:DescribeOrganization'));
    if (Organization.MasterAccountId === account) return [];
  } catch (error) {
    if (isRefusedAs(error, 'AWSOrganizationsNotInUseException')) return [];
    throw error;
  }
  const contents = new Map<string, string>();
  const found: Found[] = [];
  let target: string | undefined = account;
  for (let level = 0; target !== undefined && level < MOST_LEVELS; level += 1) {
    const TargetId: string = target;
    const pages = pagesOf(async (NextToken) => {
      const page = listedSchema.parse(
        await read('organizations:ListPoliciesForTarget', {
          TargetId,
          Filter: 'SERVICE_CONTROL_POLICY',
          ...(NextToken && { NextToken }),
        }),
      );
      return { page, next: page.NextToken };
    });
    for await (const { Policies } of pages)
      for (const { Id, Name } of Policies) {
        const Content: string =
          contents.get(Id) ??
          policySchema.parse(await read('organizations:DescribePolicy', { PolicyId: Id })).Policy.Content;
        contents.set(Id, Content);
        found.push({ Name, Content, Target: TargetId });
      }
    if (TargetId.startsWith('r-')) break;
    const { Parents } = parentsSchema.parse(await read('organizations:ListParents', { ChildId: TargetId }));
    target = Parents[0]?.Id;
  }
  return found;
}
