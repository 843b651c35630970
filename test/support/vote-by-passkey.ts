import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiCaller } from '../../demo/call-api.ts';
import type { Passkey } from '../../lambdas/shared/domain/approvals/passkey.ts';
import type { Narrowing } from '../../lambdas/shared/domain/vote.ts';
import type { TestPasskey } from './make-passkey.ts';
import type { Cloud } from './start-cloud.ts';

/** Gives a principal a passkey, as a change that was approved would. */
export async function holdPasskey(cloud: Cloud, principalId: string, passkey: Passkey): Promise<void> {
  await cloud.database.send(
    new UpdateCommand({
      TableName: 'users_table',
      Key: { id: principalId },
      UpdateExpression: 'SET passkeys = :keys',
      ExpressionAttributeValues: { ':keys': [passkey] },
    }),
  );
}

type Vote = {
  readonly requestId: string;
  readonly origin: string;
  readonly decision?: 'approve' | 'approve_less' | 'deny';
  readonly narrowing?: Narrowing;
  readonly windowSeconds?: number;
  readonly counter?: number;
};

/** Asks for the challenge of a vote, presses, and sends the vote. `sent` is what is sent otherwise than it was pressed. */
export async function voteByPasskey(
  call: ApiCaller,
  key: TestPasskey,
  { requestId, origin, counter = 0, decision = 'approve', narrowing, windowSeconds }: Vote,
  sent: Record<string, unknown> = {},
) {
  const { proposalDigest } = (await call('GET', `/requests/${requestId}/votes`)).body;
  const ballot = {
    decision,
    proposalDigest,
    ...(narrowing && { narrowing }),
    ...(windowSeconds && { windowSeconds }),
  };
  const opened = await call('POST', `/requests/${requestId}/votes/challenge`, ballot);
  if (opened.status !== 200) return opened;
  const { nonce, challenge, tier, voter } = opened.body as Record<string, string>;
  const terms = { ...narrowing, ...(windowSeconds && { windowSeconds }) };
  const pressed = {
    requestId,
    proposalDigest: String(proposalDigest),
    decision: decision === 'deny' ? ('deny' as const) : ('approve' as const),
    narrowing: terms,
    tier: tier ?? '',
    principalId: voter ?? '',
  };
  const assertion = key.press(pressed, {
    origin,
    counter,
    ...(nonce && { nonce }),
    ...(challenge && { challenge }),
  });
  return call('POST', `/requests/${requestId}/votes`, { ...ballot, assertion, ...sent });
}
