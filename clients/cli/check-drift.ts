import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import {
  type AccountFinding,
  checkAccounts,
  readRolesIn,
} from '../../lambdas/shared/adapters/iam/check-accounts.ts';
import { makeRoleReader } from '../../lambdas/shared/adapters/iam/read-brokered-role.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { PosternError } from '../sdk/postern-error.ts';
import type { Finding } from './check-setup.ts';

type Options = {
  readonly config?: string;
  readonly broker?: string;
  readonly role?: string;
};

const ADVICE: Partial<Record<AccountFinding['verdict'], string>> = {
  wrong:
    'Somebody changed a role: look in CloudTrail who it was, and undo it there; npm run deploy undoes nothing that was done by hand. Or an older release is deployed there: npm run deploy.',
  unknown: 'Name a role of it that you may assume and that reads IAM, by --role.',
};

/**
 * Whether the roles of every account are what the configuration plans. It is IAM that says who may look: the keys of the
 * environment read the broker's account, and assume a role in each other. Throws PosternError where there are none.
 */
export async function checkDrift({ config = 'config', broker, role }: Options): Promise<Finding[]> {
  const { catalog } = readConfigFiles(config);
  const sts = new STSClient({});
  const [caller, region] = await Promise.all([
    sts.send(new GetCallerIdentityCommand({})).catch(() => {
      throw new PosternError({
        code: 'no_credentials',
        detail: 'There are no valid AWS credentials: sign in, or set AWS_PROFILE.',
      });
    }),
    sts.config.region(),
  ]);
  const [, partition = 'aws'] = (caller.Arn ?? '').split(':');
  const home = { partition, region, accountId: broker ?? caller.Account ?? '' };
  const found = await checkAccounts(catalog, home, {
    readHere:
      home.accountId === caller.Account
        ? makeRoleReader()
        : () => Promise.reject(new Error('the keys are of another account')),
    readThere: (roleArn) => readRolesIn(roleArn),
    role,
  });
  return found.map(({ verdict, called, what }): Finding => {
    const advice = ADVICE[verdict];
    return {
      ...{ check: 'account_roles', verdict, what: `account ${called}: ${visibleText(what)}` },
      ...(advice !== undefined && { advice }),
    };
  });
}
