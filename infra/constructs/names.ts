import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type BrokeredRoleSpec, brokeredRoleName } from '../../lambdas/shared/domain/brokered-role.ts';

/** The workflow's name. Functions that it invokes name it by this, so that neither references the other. */
export const STATE_MACHINE_NAME = 'access-request';

/** The workflow that ends sessions before their time. */
export const REVOKE_MACHINE_NAME = 'revoke-session';

/** Every state machine that is part of the broker. */
export const OWN_MACHINES: readonly string[] = [STATE_MACHINE_NAME, REVOKE_MACHINE_NAME];

/** Whoever may assume it reads and verifies the audit log. */
export const AUDIT_READER_ROLE = 'postern-audit-reader';

const statesArn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

export const stateMachineArn = (scope: Construct): string =>
  statesArn(scope, 'stateMachine', STATE_MACHINE_NAME);

/** A state machine of a caller's, which is in this account and region: task tokens are good nowhere else. */
export const callerMachineArn = (scope: Construct, name: string): string =>
  statesArn(scope, 'stateMachine', name);

export const revokeMachineArn = (scope: Construct): string =>
  statesArn(scope, 'stateMachine', REVOKE_MACHINE_NAME);

/** Every execution of the workflow. */
export const executionArns = (scope: Construct): string =>
  statesArn(scope, 'execution', `${STATE_MACHINE_NAME}:*`);

/** A brokered role, by the name that it has in whatever account it is in. */
export const brokeredRoleArn = (scope: Construct, { account, sensitivity }: BrokeredRoleSpec): string =>
  Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account,
    resource: 'role',
    resourceName: brokeredRoleName(sensitivity),
  });

/** What the names of approvers' TOTP secrets begin with; `npm run step-up` makes them, one a principal. */
export const STEP_UP_PREFIX = 'postern/step-up';

/** Every approver's TOTP secret. */
export const stepUpSecretArns = (scope: Construct): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${STEP_UP_PREFIX}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The role that the demo's principal calls the API with. */
export const demoCallerName = (principal: string): string => `postern-demo-${principal.replaceAll('_', '-')}`;

/** What an organisation names the role that is used when the broker cannot be: see docs/security.md. */
export const BREAK_GLASS_ROLE = 'postern-break-glass';
