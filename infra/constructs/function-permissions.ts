import type { Construct } from 'constructs';
import type { FunctionName } from '../function-entries.ts';
import { apiGrants } from './api-permissions.ts';
import { commonGrants } from './common-grants.ts';
import { eventGrants } from './event-permissions.ts';
import type { FunctionGrants, Resources } from './function-grants.ts';
import { workflowGrants } from './workflow-permissions.ts';

/**
 * Each function's permissions, statement by statement. No two functions share a role; the sandbox enforces
 * these same statements, so one that is missing fails the tests.
 */
export function grantsOf(scope: Construct, resources: Resources): Record<FunctionName, FunctionGrants> {
  const common = commonGrants(scope, resources);
  return {
    ...workflowGrants(resources, common),
    ...eventGrants(resources, common),
    ...apiGrants(scope, resources, common),
  };
}
