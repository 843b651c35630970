import * as z from 'zod';
import { storedVersionSchema } from '../shared/domain/identity/stored-version.ts';
import { policySchema, principalIdSchema } from '../shared/domain/principal.ts';
import type { OperationSpec } from '../shared/http/operation.ts';

/** The business rules that a principal's requests are reviewed against. */
export const policyViewSchema = policySchema.meta({ id: 'Policy' });

/** What the API document says of the operation; its `run` is in get-policy.ts, beside the guardrails. */
export const getPolicySpec = {
  id: 'getPolicy',
  onlyAsks: true,
  method: 'GET',
  path: '/policies/{id}',
  summary: 'The policy text a principal asks by.',
  description:
    'Its own; anybody’s for an auditor, and for whom the guardrails could ever let change a policy. To change it, propose a change.',
  signed: true,
  pathId: { schema: principalIdSchema, description: 'The principal’s id.' },
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: 'The text in force, and its version.', schema: policyViewSchema } },
  problems: ['auditor_required', 'policy_not_found'],
} as const satisfies OperationSpec;

export const policyVersionsSchema = z
  .object({ versions: z.array(storedVersionSchema) })
  .meta({ id: 'PolicyVersions' });
export type PolicyVersions = z.infer<typeof policyVersionsSchema>;

export const listPolicyVersionsSpec = {
  id: 'listPolicyVersions',
  onlyAsks: true,
  method: 'GET',
  path: '/policies/{id}/versions',
  summary: 'Every version of a policy text that there was, newest first.',
  description: 'For those who read the policy. Empty until its first change.',
  signed: true,
  pathId: getPolicySpec.pathId,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: 'The versions, and who agreed to each.', schema: policyVersionsSchema } },
  problems: ['auditor_required'],
} as const satisfies OperationSpec;
