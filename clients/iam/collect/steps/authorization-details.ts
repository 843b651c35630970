import * as z from 'zod';
import { type Collecting, pagesOf } from '../collecting.ts';
import { isRefusedAs } from '../reads.ts';

const LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const;

const pageSchema = z.looseObject({
  UserDetailList: z.array(z.unknown()).default([]),
  GroupDetailList: z.array(z.unknown()).default([]),
  RoleDetailList: z.array(z.unknown()).default([]),
  Policies: z.array(z.unknown()).default([]),
  IsTruncated: z.boolean().default(false),
  Marker: z.string().optional(),
});

/**
 * Every user, group, role and policy, with AWS's managed policies that are in use. A page that follows one which an
 * earlier run left is asked for with that page's marker; where AWS no longer knows it, all pages are read anew.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export async function readAuthorizationDetails(collecting: Collecting): Promise<object> {
  try {
    return await readPages(collecting, 'authorizationDetails');
  } catch (error) {
    // A marker of yesterday may mean nothing any more.
    if (!isRefusedAs(error, 'ValidationError') && !isRefusedAs(error, 'InvalidInput')) throw error;
    return await readPages(collecting, `authorizationDetails ${new Date().toISOString()}`);
  }
}

async function readPages({ read, once, tell }: Collecting, unit: string): Promise<object> {
  const all = Object.fromEntries(LISTS.map((list): [string, unknown[]] => [list, []]));
  let nth = 0;
  const pages = pagesOf(async (Marker) => {
    nth += 1;
    const answer = await once(`${unit} ${nth}`, () =>
      read('iam:GetAccountAuthorizationDetails', { MaxItems: 1000, ...(Marker && { Marker }) }),
    );
    const page = pageSchema.parse(answer);
    return { page, next: page.IsTruncated ? page.Marker : undefined };
  });
  for await (const page of pages) {
    for (const list of LISTS) all[list]?.push(...page[list]);
    tell(`users, roles and policies: ${LISTS.reduce((sum, list) => sum + (all[list]?.length ?? 0), 0)}`);
  }
  return all;
}
