import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';
import { items } from './on-tables.ts';

/** Appends to the audit log. Nothing ever changes or deletes a record of it. */
export function appendAudit(on: Resources): Grant {
  const { statements, variables } = items(on, 'audit', 'PutItem', 'Query');
  return {
    statements: [...statements, allow(['kms:GenerateMac'], on.keys.auditArn)],
    variables: { ...variables, AUDIT_KEY_ID: on.keys.auditArn },
  };
}

/** Checks that audit records are the broker's own. */
export const verifyAudit = ({ keys }: Resources): Grant => ({
  statements: [allow(['kms:VerifyMac'], keys.auditArn)],
  variables: { AUDIT_KEY_ID: keys.auditArn },
});

/** Checks that signed heads are the broker's own. */
export const readHeadsKey = ({ keys }: Resources): Grant => ({
  statements: [allow(['kms:GetPublicKey'], keys.headsArn)],
  variables: { HEADS_KEY_ID: keys.headsArn },
});

/** Signs where the audit chains end. */
export const useHeadsKey = ({ keys }: Resources): Grant => ({
  statements: [allow(['kms:Sign'], keys.headsArn)],
  variables: { HEADS_KEY_ID: keys.headsArn },
});
