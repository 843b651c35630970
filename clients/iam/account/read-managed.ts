import * as z from 'zod';
import type { Policy } from '../../../policy/parse/policy-model.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { managedOf } from './account-of.ts';
import { detailsSchema } from './collected-account.ts';
import { readCollected } from './read-account.ts';

const schema = z.union([
  z.object({ authorizationDetails: detailsSchema }).transform((account) => account.authorizationDetails),
  detailsSchema.extend({ Policies: detailsSchema.shape.Policies.unwrap() }),
]);

/**
 * Managed policies by ARN, of AWS and of an account: what `aws iam get-account-authorization-details` answered, or
 * a collected account. One that cannot be read is left out: what it allows is not known. Throws `invalid_policy`.
 */
export async function readManaged(file: string): Promise<ReadonlyMap<string, Policy>> {
  const read = schema.safeParse(await readCollected(file));
  if (!read.success)
    throw new PosternError({
      code: 'invalid_policy',
      detail: `${file} has no managed policies: it is neither what aws iam get-account-authorization-details answers nor a collected account.`,
    });
  return new Map(
    read.data.Policies.map(managedOf).flatMap(({ arn, policy }) =>
      arn !== undefined && policy ? [[arn, policy]] : [],
    ),
  );
}
