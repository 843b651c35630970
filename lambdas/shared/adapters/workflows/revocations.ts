import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RevocationInput } from '../../domain/revocation/revocation.ts';
import { sessionNameOf } from '../../domain/revocation/session-names.ts';
import { callAws } from '../runtime/call-aws.ts';

/** Tells one attempt from the next: a revocation that was refused may be asked for again. */
const attemptOf = (now: Date) => now.getTime().toString(36);

/**
 * Starts revocations: the port of everything that lets somebody revoke. Who may (`mayRevokeOthers`) and whether
 * it can be done (`revocationRefusal`) is for the caller to ask first. It is done when the row has a `revocation`.
 */
export function makeRevocations(deps: { client: SFNClient; stateMachineArn: string; clock: () => Date }) {
  const { client, stateMachineArn, clock } = deps;
  return {
    start: async (input: RevocationInput): Promise<void> => {
      const name = 'requestId' in input ? sessionNameOf(input.requestId) : input.principalId;
      await callAws('Step Functions', () =>
        client.send(
          new StartExecutionCommand({
            stateMachineArn,
            name: `${name}-${attemptOf(clock())}`,
            input: JSON.stringify(input),
          }),
        ),
      );
    },
  };
}
