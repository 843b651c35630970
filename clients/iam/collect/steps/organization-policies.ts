import * as z from 'zod';
import { type Collecting, DeniedRead, orGap, pagesOf } from '../collecting.ts';
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

/** The parts of a collected account, and the type that Organizations knows each by. */
const PARTS = {
  serviceControlPolicies: 'SERVICE_CONTROL_POLICY',
  resourceControlPolicies: 'RESOURCE_CONTROL_POLICY',
} as const;
type Part = keyof typeof PARTS;
type Found = { Name: string; Content: string; Target: string };

/**
 * The service control policies and resource control policies of the account, by the level that each is attached to. None
 * outside an organisation, and none of its management account, which they do not limit. Only that account, or a delegated
 * administrator, may read them.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_authorization_policies.html
 */
export async function readOrganizationPolicies(
  collecting: Collecting,
): Promise<Partial<Record<Part, Found[]>>> {
  collecting.tell('the organisation’s policies');
  const ofPart = (part: Part): Promise<Found[] | undefined> =>
    orGap(collecting, part, async () => {
      const targets = await collecting.once('organizationTargets', () => readTargets(collecting));
      return await collecting.once(part, () => readAttached(collecting, PARTS[part], targets));
    });
  const serviceControlPolicies = await ofPart('serviceControlPolicies');
  const resourceControlPolicies = await ofPart('resourceControlPolicies');
  return {
    ...(serviceControlPolicies && { serviceControlPolicies }),
    ...(resourceControlPolicies && { resourceControlPolicies }),
  };
}

/** The account, its units and the root; nothing where no policy of an organisation limits the account. */
async function readTargets({ read, account }: Collecting): Promise<string[]> {
  try {
    const { Organization } = organizationSchema.parse(await read('organizations:DescribeOrganization'));
    if (Organization.MasterAccountId === account) return [];
  } catch (error) {
    if (isRefusedAs(error, 'AWSOrganizationsNotInUseException')) return [];
    throw error;
  }
  const targets = [account];
  for (let target = account; !target.startsWith('r-') && targets.length < MOST_LEVELS; ) {
    const { Parents } = parentsSchema.parse(await read('organizations:ListParents', { ChildId: target }));
    const [parent] = Parents;
    if (!parent) break;
    target = parent.Id;
    targets.push(target);
  }
  return targets;
}

/** The policies of one type that are attached to any of them. */
async function readAttached(
  { read }: Collecting,
  type: (typeof PARTS)[Part],
  targets: readonly string[],
): Promise<Found[]> {
  const contents = new Map<string, string>();
  const found: Found[] = [];
  for (const TargetId of targets) {
    const pages = pagesOf(async (NextToken) => {
      const input = { TargetId, Filter: type, ...(NextToken && { NextToken }) };
      const page = listedSchema.parse(
        await read('organizations:ListPoliciesForTarget', input).catch((error: unknown) => {
          // Where the type is switched off, none of them limits anything.
          if (isRefusedAs(error, 'PolicyTypeNotEnabledException')) return {};
          // Some partitions do not know the type yet: that is not the same as none being there.
          if (isRefusedAs(error, 'InvalidInputException'))
            throw new DeniedRead(`InvalidInputException: organizations:ListPoliciesForTarget of ${type}`);
          throw error;
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
  }
  return found;
}
