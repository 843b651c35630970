import assert from 'node:assert/strict';
import { ACCOUNT_ID, REGION } from '../../../demo/place.ts';
import { functionNamesOf, makeMay } from '../../support/function-roles.ts';
import type { Attack } from '../attack.ts';

const table = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/${name}`;
const iamRole = (name: string) => `arn:aws:iam::${ACCOUNT_ID}:role/${name}`;
const vote = { 'dynamodb:LeadingKeys': ['employee1-01J'] };
const passkey = { 'dynamodb:LeadingKeys': ['passkey#sha256:a'] };
const token = { 'dynamodb:LeadingKeys': ['token#employee1-01J'] };

/** What ends the broker's promises, and the functions whose work it is: nobody else's role allows it. */
const DEADLY: readonly [string, string, readonly string[], Record<string, string[]>?][] = [
  ['sts:AssumeRole', iamRole('postern-brokered-restricted'), ['assume-role']],
  ['sts:AssumeRole', iamRole('admin'), []],
  ['iam:AttachRolePolicy', iamRole('postern-brokered-restricted'), []],
  ['iam:DeleteRolePermissionsBoundary', iamRole('postern-brokered-restricted'), []],
  ['dynamodb:PutItem', table('policy_table'), ['apply-change']],
  ['dynamodb:PutItem', table('users_table'), ['apply-change']],
  ['dynamodb:PutItem', table('postern_approvals'), ['cast-vote', 'slack-app'], vote],
  ['dynamodb:PutItem', table('postern_approvals'), ['request-approval'], token],
  ['dynamodb:PutItem', table('postern_approvals'), ['tally-votes'], passkey],
  ['dynamodb:GetItem', table('postern_approvals'), ['cast-vote', 'slack-app'], token],
  ['dynamodb:Scan', table('postern_approvals'), []],
  ['dynamodb:PutItem', table('postern_access_reviews'), ['access-reviews', 'run-access-reviews']],
  ['dynamodb:DeleteItem', table('postern_access_reviews'), []],
  ['dynamodb:UpdateItem', table('postern_audit'), []],
  ['dynamodb:DeleteItem', table('postern_audit'), []],
  ['dynamodb:DeleteItem', table('postern_requests'), []],
  ['dynamodb:GetItem', table('bank_balances'), []],
  ['states:RedriveExecution', `arn:aws:states:${REGION}:${ACCOUNT_ID}:execution:access-request:a`, []],
  ['states:UpdateStateMachine', `arn:aws:states:${REGION}:${ACCOUNT_ID}:stateMachine:access-request`, []],
  ['lambda:InvokeFunction', `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:postern-validate-decision`, []],
  ['kms:ScheduleKeyDeletion', `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/any`, []],
];

export const ROLES: readonly Attack[] = [
  {
    kind: 'role',
    what: "every function's role against what would end the broker's promises",
    async play({ cloud }) {
      const may = makeMay(cloud.template);
      const names = functionNamesOf(cloud.template);
      for (const [action, resource, expected, context] of DEADLY) {
        const allowed = names.filter((name) => may(name, { action, resource, ...(context && { context }) }));
        assert.deepEqual(allowed.sort(), [...expected].sort(), `${action} on ${resource}`);
      }
      return DEADLY.length * names.length;
    },
  },
];
