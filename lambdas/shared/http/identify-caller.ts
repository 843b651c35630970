import * as z from 'zod';
import type { SignedIn } from '../domain/identity/sign-in/signed-in.ts';
import type { Principal } from '../domain/principal.ts';
import { registeredArnOf } from './caller-arn.ts';
import {
  type Carried,
  identifyByToken,
  isAtTokenDoor,
  refuseTokenBeside,
  type TokenPorts,
} from './identify-by-token.ts';
import { Problem } from './problems.ts';

/** The part of a REST API proxy event that API Gateway fills in from the verified signature. */
const requestContextSchema = z.object({
  identity: z.object({ userArn: z.string().nullish(), accountId: z.string().nullish() }),
});

export type CallerLookup = {
  /** By the registered form of an ARN, see caller-arn.ts. */
  findByAwsArn(arn: string): Promise<Principal | undefined>;
};

/** Who calls, and what its token says besides. */
export type Caller = {
  readonly principal: Principal;
  readonly signedIn?: Pick<SignedIn, 'actsFor' | 'tokenOf' | 'askOnly' | 'redirectOnly'>;
};

/**
 * Who calls: by the token at a door for tokens, else by the verified signature. Which door it is, the gateway's own
 * payload says; a function that takes no tokens has none.
 */
export async function identifyCaller(
  carried: Carried,
  { principals, tokens }: { readonly principals: CallerLookup; readonly tokens?: TokenPorts },
): Promise<Caller> {
  if (!isAtTokenDoor(carried.requestContext)) {
    const principal = await identifySigner(carried.requestContext, principals);
    refuseTokenBeside(carried);
    return { principal };
  }
  if (!tokens) throw new Problem('signature_refused', 'This function takes no tokens.');
  const { principal, ...signedIn } = await identifyByToken(carried, tokens);
  return { principal, signedIn };
}

/**
 * Who signed the call. A suspended principal is answered too: what it asks for is recorded and denied.
 * INVARIANT: nothing the caller wrote (headers, query, body) is looked at.
 */
async function identifySigner(requestContext: unknown, principals: CallerLookup): Promise<Principal> {
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
