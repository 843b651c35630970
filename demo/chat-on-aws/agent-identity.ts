import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { CallerIdentity } from '../../clients/sdk/postern.ts';
import { callAws } from '../../lambdas/shared/adapters/runtime/call-aws.ts';

/** Milliseconds before its end at which a session is no longer used: an answer may take three minutes. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;

type Options = {
  readonly sts: STSClient;
  readonly roleArn: () => string;
  readonly region: string;
  readonly clock: () => Date;
};
type Credentials = Awaited<ReturnType<CallerIdentity['credentials']>>;

/**
 * The support agent's own identity: a role that may call the broker's API and nothing else.
 * INVARIANT: what a model has the tools call is signed with this, or with what the broker granted, and never with the role of
 * the function, which reads conversations.
 */
export function makeAgentIdentity({ sts, roleArn, region, clock }: Options): CallerIdentity {
  let held: (Credentials & { readonly expiration: Date }) | undefined;
  return {
    region: async () => region,
    async credentials() {
      if (held && held.expiration.getTime() - clock().getTime() > RENEW_BEFORE_MS) return held;
      const { Credentials: made } = await callAws('STS', () =>
        sts.send(new AssumeRoleCommand({ RoleArn: roleArn(), RoleSessionName: 'support-chat' })),
      );
      if (!made?.AccessKeyId || !made.SecretAccessKey || !made.SessionToken || !made.Expiration)
        throw new Error('STS gave the agent no session');
      held = {
        accessKeyId: made.AccessKeyId,
        secretAccessKey: made.SecretAccessKey,
        sessionToken: made.SessionToken,
        expiration: made.Expiration,
      };
      return held;
    },
  };
}
