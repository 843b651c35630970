import { runSimulation } from '@cloud-copilot/iam-simulate';
import { evaluate } from '../../../../policy/evaluate/evaluate.ts';
import type { ShownRequest } from '../../../../policy/prove/shown-request.ts';
import '../../../support/policy/quick-collation.ts';
import { type PolicySet, parsed } from './policy-sets.ts';

const ACCOUNT = '123456789012';
const PRINCIPAL = `arn:aws:sts::${ACCOUNT}:assumed-role/judged/session`;

export type Request = Pick<ShownRequest, 'action' | 'resource' | 'context'>;

const accountOf = (resource: string): string => resource.split(':')[4] || ACCOUNT;

/** Whether our own evaluator allows it. */
export function oursAllows({ identity, boundary, session, scp }: PolicySet, request: Request): boolean {
  const { outcome } = evaluate(
    {
      principal: {
        kind: 'aws',
        arn: `arn:aws:sts::${accountOf(request.resource)}:assumed-role/judged/session`,
      },
      resourceAccountId: accountOf(request.resource),
      ...request,
    },
    {
      identity: identity.map((document) => parsed(document, 'identity')),
      ...(boundary && { boundary: parsed(boundary, 'boundary') }),
      ...(session && { session: [parsed(session, 'session')] }),
      ...(scp && { serviceControl: scp.map((document) => [parsed(document, 'scp')]) }),
    },
  );
  return outcome === 'allowed';
}

/** Whether another's simulator allows it; undefined where it says that AWS has no such call. */
export async function simulatorAllows(set: PolicySet, request: Request): Promise<boolean | undefined> {
  const { action, resource, context } = request;
  const named = (documents: readonly unknown[]) =>
    documents.map((policy, nth) => ({ name: `p${nth}`, policy }));
  const result = await runSimulation(
    {
      request: {
        principal: PRINCIPAL.replace(ACCOUNT, accountOf(resource)),
        action,
        resource: { resource, accountId: accountOf(resource) },
        contextVariables: context as Record<string, string | string[]>,
      },
      identityPolicies: named(set.identity),
      serviceControlPolicies: (set.scp ?? []).map((policy, nth) => ({
        orgIdentifier: `level${nth}`,
        policies: [{ name: 'p', policy }],
      })),
      resourceControlPolicies: [],
      ...(set.boundary && { permissionBoundaryPolicies: named([set.boundary]) }),
      ...(set.session && { sessionPolicy: set.session }),
    },
    {},
  );
  if (result.resultType !== 'error') return result.overallResult === 'Allowed';
  const { message } = result.errors;
  if (message === 'policy.errors')
    throw new Error(`the simulator refuses a policy: ${JSON.stringify(result.errors)}`);
  return undefined;
}
