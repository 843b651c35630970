import type { IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { revokerRoleArn } from '../../domain/revocation/revoker-role.ts';
import { callAws } from '../runtime/call-aws.ts';

/** The shortest session that STS gives. */
const SESSION_SECONDS = 900;
/** A client is made anew this long before its session ends. */
const MARGIN_MS = 120_000;

type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

type Deps = {
  readonly sts: STSClient;
  readonly makeIam: (credentials: Credentials) => IAMClient;
  readonly now: () => number;
};

/**
 * IAM in the account of a brokered role, as the role there that may revoke. A session of it is used until it is about to
 * end. Throws DependencyUnavailable where the role cannot be assumed: it is not there, or does not trust this function.
 */
export function makeIamElsewhere({ sts, makeIam, now }: Deps) {
  const clients = new Map<string, { readonly client: IAMClient; readonly endsAt: number }>();
  return async (brokeredRoleArn: string): Promise<IAMClient> => {
    const RoleArn = revokerRoleArn(brokeredRoleArn);
    const known = clients.get(RoleArn);
    if (known && known.endsAt - MARGIN_MS > now()) return known.client;
    const { Credentials } = await callAws(`STS, for ${RoleArn}`, () =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: 'postern-revocation',
          DurationSeconds: SESSION_SECONDS,
        }),
      ),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const client = makeIam({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    clients.set(RoleArn, { client, endsAt: now() + SESSION_SECONDS * 1000 });
    return client;
  };
}
