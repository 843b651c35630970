import * as z from 'zod';
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
