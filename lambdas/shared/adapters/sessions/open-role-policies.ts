import { iamClient, iamClientWith, stsClient } from '../runtime/aws-clients.ts';
import { requiredEnv } from '../runtime/environment.ts';
import { makeIamElsewhere } from './iam-elsewhere.ts';
import { makeRolePolicies, type RolePolicies } from './role-policies.ts';

/** The policies of brokered roles, here and in other accounts, as the functions that revoke write them. */
export const openRolePolicies = (): RolePolicies =>
  makeRolePolicies({
    client: iamClient(),
    accountId: requiredEnv('POSTERN_ACCOUNT_ID'),
    clientIn: makeIamElsewhere({ sts: stsClient(), makeIam: iamClientWith, now: Date.now }),
  });
