import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  type BrokeredRoleSpec,
  brokeredRoleName,
} from '../../lambdas/shared/domain/brokered/brokered-role.ts';
import { REVOKER_ROLE } from '../../lambdas/shared/domain/revocation/revoker-role.ts';
import { REVOKE_MACHINE_NAME, STATE_MACHINE_NAME, STEP_UP_PREFIX } from '../names.ts';

const statesArn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The workflow of requests. */
export const stateMachineArn = (scope: Construct): string =>
  statesArn(scope, 'stateMachine', STATE_MACHINE_NAME);

/** A state machine of a caller's, which is in this account and region: task tokens are good nowhere else. */
export const callerMachineArn = (scope: Construct, name: string): string =>
  statesArn(scope, 'stateMachine', name);

/** The workflow that ends sessions before their time. */
export const revokeMachineArn = (scope: Construct): string =>
  statesArn(scope, 'stateMachine', REVOKE_MACHINE_NAME);

/** Every execution of the workflow. */
export const executionArns = (scope: Construct): string =>
  statesArn(scope, 'execution', `${STATE_MACHINE_NAME}:*`);

/** A brokered role, by the name that it has in whatever account it is in. */
export const brokeredRoleArn = (scope: Construct, role: BrokeredRoleSpec): string =>
  Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account: role.account,
    resource: 'role',
    resourceName: brokeredRoleName(role),
  });

/** The role by which sessions are revoked in another account. */
export const revokerRoleArnIn = (scope: Construct, account: string): string =>
  Stack.of(scope).formatArn({
    ...{ service: 'iam', region: '', account, resource: 'role', resourceName: REVOKER_ROLE },
  });

/** Every approver's TOTP secret. */
export const stepUpSecretArns = (scope: Construct): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${STEP_UP_PREFIX}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
