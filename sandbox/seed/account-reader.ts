import { READS } from '../../clients/iam/collect/reads.ts';
import { ACCOUNT_ID } from '../../demo/place.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import type { DemoKeys } from './demo-keys.ts';

type DemoKey = DemoKeys[string];

/** Who may read the sandbox's account to audit it, and do nothing else there. */
export const ACCOUNT_READER = 'account-reader';

/** What `postern iam audit --collect` calls: docs/examples/iam/collector.json is the same for a real account. */
const MAY_READ_THE_ACCOUNT = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: [...READS], Resource: '*' }],
};

/** Lets its key in. */
export function addAccountReader({ credentials }: Pick<AwsEndpoint, 'credentials'>, key: DemoKey): void {
  credentials.add({
    ...key,
    caller: {
      accountId: ACCOUNT_ID,
      arn: `arn:aws:iam::${ACCOUNT_ID}:user/${ACCOUNT_READER}`,
      userId: `AIDA${key.accessKeyId.slice(4)}`,
      accessKeyId: key.accessKeyId,
      identityPolicies: [MAY_READ_THE_ACCOUNT],
      principalTags: {},
    },
  });
}
