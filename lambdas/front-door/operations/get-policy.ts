import { z } from 'zod';
import { type Policy, principalIdSchema } from '../../shared/domain/principal.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { isAuditor } from '../find-request.ts';
import { noQuerySchema } from '../request-bodies.ts';
import { policyViewSchema } from '../request-views.ts';

export type PolicyPorts = {
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
};

export const getPolicy = operation({
  id: 'getPolicy',
  onlyAsks: true,
  method: 'GET',
  path: '/policies/{id}',
  summary: 'The policy text a principal asks by.',
  description: 'Its own, or for an auditor anybody’s. To change it, propose a change.',
  pathId: { schema: principalIdSchema, description: 'The principal’s id.' },
  query: noQuerySchema,
  body: z.undefined(),
  answers: { 200: { description: 'The text in force, and its version.', schema: policyViewSchema } },
  problems: ['auditor_required', 'policy_not_found'],
  async run({ caller, id }, ports: PolicyPorts): Promise<Answer> {
    if (id !== caller.id && !isAuditor(caller)) {
      throw new Problem('auditor_required', 'Only auditors read the policy of another principal.');
    }
    const policy = await ports.policies.get(id);
    if (!policy) throw new Problem('policy_not_found', 'This principal has no policy text: propose one.');
    return { status: 200, body: policyViewSchema.parse(policy) };
  },
});
