import { ACCOUNT_ID } from '../../demo/place.ts';
import type { Cloud } from '../support/start-cloud.ts';

/** Keys of a session of assume-role's role, which alone brokered roles trust, that may do everything else besides. */
export function keysOfMint({ aws }: Cloud) {
  const arn = `arn:aws:iam::${ACCOUNT_ID}:role/postern-assume-role`;
  const { caller, ...keys } = aws.credentials.issueForRole(arn, 'bench');
  const identityPolicies = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
  aws.credentials.add({ ...keys, caller: { ...caller, identityPolicies } });
  return keys;
}
