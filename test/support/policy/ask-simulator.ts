import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { RequestPrincipal } from '../../../policy/evaluate/access-request.ts';
import type { Decision } from '../../../policy/evaluate/decision.ts';
import './quick-collation.ts';
import type { Situation } from './situation.ts';

/** What an IAM simulator that is not ours says of a situation. Throws where it cannot judge it. */
export async function askSimulator({ request, policies }: Situation): Promise<Decision['outcome']> {
  const { identity, boundary, session, serviceControl, resource, resourceControl } = policies;
  const named = (documents: readonly unknown[], name: string) =>
    documents.map((policy, index) => ({ name: `${name}${index}`, policy }));
  const result = await runSimulation(
    {
      request: {
        principal: principalOf(request.principal),
        action: request.action,
        resource: { resource: request.resource, accountId: request.resourceAccountId },
        contextVariables: request.context as Record<string, string | string[]>,
      },
      identityPolicies: named(identity, 'identity'),
      serviceControlPolicies: (serviceControl ?? []).map((level, index) => ({
        orgIdentifier: `level${index}`,
        policies: named(level, `scp${index}-`),
      })),
      resourceControlPolicies: resourceControl
        ? [{ orgIdentifier: 'root', policies: named(resourceControl, 'rcp') }]
        : [],
      ...(boundary && { permissionBoundaryPolicies: named([boundary], 'boundary') }),
      ...(session?.[0] && { sessionPolicy: asOne(session) }),
      ...(resource && { resourcePolicy: resource }),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`cannot be simulated: ${JSON.stringify(result.errors)}`);
  if (result.overallResult === 'Allowed') return 'allowed';
  return result.overallResult === 'ExplicitlyDenied' ? 'explicitly-denied' : 'implicitly-denied';
}

/** The simulator takes one session policy. */
const asOne = (documents: NonNullable<Situation['policies']['session']>) => ({
  Version: '2012-10-17',
  Statement: documents.flatMap(({ Statement }) => [Statement].flat()),
});

function principalOf(principal: RequestPrincipal): string {
  if (principal.kind === 'aws') return principal.arn;
  if (principal.kind === 'service') return principal.name;
  if (principal.kind === 'federated') return principal.provider;
  throw new Error('the simulator is asked for nobody');
}
