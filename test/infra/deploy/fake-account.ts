import type { AwsAccount } from '../../../infra/deploy/aws-account.ts';
import { NotReady } from '../../../infra/deploy/not-ready.ts';

export const PLACE = { account: '111122223333', region: 'eu-central-1' };

/** An account that is ready, with all that the catalog lists; a test takes something away. */
export const readyAccount: Omit<AwsAccount, 'putSecret'> = {
  region: async () => PLACE.region,
  account: async () => PLACE.account,
  isBootstrapped: async () => true,
  hasSecret: async () => true,
  exists: async () => true,
  arnOfSecret: async (name) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-a1B2c3`,
  hasStack: async () => true,
  hasDeployment: async () => true,
  keys: async () => [],
  concurrency: async () => ({ unreserved: 1000, reservedByFrontDoor: 0 }),
};

/** The one line of what keeps a deployment from starting; fails where nothing does, or it is a malfunction. */
export async function lineOf(checks: Promise<unknown>): Promise<string> {
  const error = await checks.then(
    () => new Error('nothing stopped it'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NotReady)) throw error;
  return error.message;
}
