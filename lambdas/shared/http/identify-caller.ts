import { z } from 'zod';
import type { Principal } from '../domain/principal.ts';
import { registeredArnOf } from './caller-arn.ts';
import { Problem } from './problems.ts';

/** The part of a REST API proxy event that API Gateway fills in from the verified signature. */
const requestContextSchema = z.object({
  identity: z.object({ userArn: z.string().nullish(), accountId: z.string().nullish() }),
});

export type CallerLookup = {
  /** By the registered form of an ARN, see caller-arn.ts. */
  findByAwsArn(arn: string): Promise<Principal | undefined>;
};

/**
 * Who signed the call. A suspended principal is answered too: what it asks for is recorded and denied.
 * INVARIANT: nothing the caller wrote (headers, query, body) is looked at.
 */
export async function identifyCaller(requestContext: unknown, principals: CallerLookup): Promise<Principal> {
  const context = requestContextSchema.safeParse(requestContext);
  const userArn = context.success ? context.data.identity.userArn : undefined;
  if (!userArn)
    throw new Problem('signature_refused', 'Sign the call with AWS Signature Version 4, for execute-api.');
  const arn = registeredArnOf(userArn);
  const principal = arn && (await principals.findByAwsArn(arn));
  if (!principal) {
    throw new Problem(
      'principal_unknown',
      'Ask an administrator to register the IAM user or role that this call was signed with.',
    );
  }
  return principal;
}
