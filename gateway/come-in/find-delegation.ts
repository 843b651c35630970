import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import {
  type Delegation,
  isDelegationOpen,
  readDelegationToken,
} from '../../lambdas/shared/domain/identity/delegation.ts';

export type FindingPorts = {
  readonly delegations: { get(sessionId: string): Promise<Delegation | undefined> };
  /** The gateway's own role. */
  readonly roleArn: string;
  readonly clock: () => Date;
};

/** The delegation of a token, where it is for this gateway and still stands; read anew each time, so that an end counts. */
export async function findDelegation(
  token: string,
  { delegations, roleArn, clock }: FindingPorts,
): Promise<Delegation | undefined> {
  const said = readDelegationToken(token);
  const found = said && (await delegations.get(said.sessionId));
  if (!said || found?.secretDigest !== digestOf(said.secret)) return undefined;
  return found.gatewayRoleArn === roleArn && isDelegationOpen(found, clock()) ? found : undefined;
}
