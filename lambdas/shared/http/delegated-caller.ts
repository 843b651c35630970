import * as z from 'zod';
import { digestOf } from '../domain/digest.ts';
import {
  type Delegation,
  type Gateway,
  isDelegationOpen,
  readDelegationToken,
} from '../domain/identity/delegation.ts';
import type { SignedIn, SignInAnswer } from '../domain/identity/sign-in/signed-in.ts';
import type { Principal } from '../domain/principal.ts';
import { registeredArnOf } from './caller-arn.ts';
import type { WebIdentity } from './operation.ts';
import { Problem } from './problems.ts';

/** The part of a REST API proxy event that API Gateway fills in from the verified signature. */
const requestContextSchema = z.object({ identity: z.object({ userArn: z.string() }) });

export type DelegationPorts = {
  /** Those that the organisation runs. */
  readonly gateways: readonly Gateway[];
  readonly delegations: { get(sessionId: string): Promise<Delegation | undefined> };
  readonly principals: { get(id: string): Promise<Principal | undefined> };
  readonly clock: () => Date;
};

/** Whose call it is, and by which delegation somebody else made it. */
export type DelegatedCaller = { readonly caller: Principal; readonly delegation: Delegation };

const refused = () =>
  new Problem('delegation_refused', 'Open a new gateway session: postern gateway open --reason "…".');

/** Whose call it is by a token that it showed to a gateway. */
export type SignedInCaller = {
  readonly caller: Principal;
  readonly webIdentity: WebIdentity;
  readonly signedIn: Pick<SignedIn, 'actsFor' | 'tokenOf' | 'askOnly' | 'redirectOnly'>;
};

type SignIn = { signIn(token: string, purpose: 'gateway'): Promise<SignInAnswer> };

/**
 * The principal whose token a gateway was shown. It counts only where a registered gateway signed the call, and the
 * token is for gateways: one that only asks, or that is bound to a key, is none.
 */
export async function callerByWebIdentity(
  token: string,
  requestContext: unknown,
  { gateways, signIn }: { readonly gateways: readonly Gateway[]; readonly signIn: SignIn },
): Promise<SignedInCaller> {
  const gateway = gatewayOf(requestContext, gateways);
  if (!gateway) throw refused();
  const answer = await signIn.signIn(token, 'gateway');
  if (answer.outcome === 'unavailable') {
    throw new Problem('subject_keys_unavailable', `Try again shortly: ${answer.because}.`, {
      retryAfterSeconds: 5,
    });
  }
  if (answer.outcome !== 'known')
    throw new Problem('web_identity_invalid', `Send a fresh token: ${answer.because}.`);
  const { principal, boundTo, ...signedIn } = answer;
  if (signedIn.askOnly || signedIn.redirectOnly || boundTo !== undefined) {
    throw new Problem(
      'web_identity_invalid',
      'Send a token of another client: this one only asks, is a console’s, or is bound to a key.',
    );
  }
  return { caller: principal, webIdentity: { gatewayRoleArn: gateway.roleArn }, signedIn };
}

/** The gateway that signed the call; undefined where none did. */
export function gatewayOf(requestContext: unknown, gateways: readonly Gateway[]): Gateway | undefined {
  const context = requestContextSchema.safeParse(requestContext);
  const arn = context.success ? registeredArnOf(context.data.identity.userArn) : undefined;
  return gateways.find(({ roleArn }) => roleArn === arn);
}

/**
 * The principal for whom a gateway calls. The delegation counts only where the very gateway that it was made for signed
 * the call, and as long as it stands: a token that was stolen is worth nothing to anybody else. All refusals read alike.
 */
export async function callerByDelegation(
  token: string,
  requestContext: unknown,
  { gateways, delegations, principals, clock }: DelegationPorts,
): Promise<DelegatedCaller> {
  const gateway = gatewayOf(requestContext, gateways);
  const said = readDelegationToken(token);
  if (!gateway || !said) throw refused();
  const delegation = await delegations.get(said.sessionId);
  // Digests are compared, so that the time it takes tells nothing of the secret.
  if (delegation?.secretDigest !== digestOf(said.secret)) throw refused();
  if (delegation.gatewayRoleArn !== gateway.roleArn || !isDelegationOpen(delegation, clock()))
    throw refused();
  const caller = await principals.get(delegation.principalId);
  if (!caller) throw refused();
  return { caller, delegation };
}
