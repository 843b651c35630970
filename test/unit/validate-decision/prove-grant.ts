import { roleReference } from '../../../lambdas/shared/domain/proof/role-reference.ts';
import type { Entitlement } from '../../../lambdas/shared/domain/verdict.ts';
import { proveSession } from '../../../policy/prove/prove-session.ts';
import { grantsReference } from '../../support/references.ts';
import type { ArbitraryCase } from './arbitrary-cases.ts';
import { Escape } from './judge-verdict.ts';

/**
 * Proves that a session policy opens nothing but what its grants say, and nothing that the catalog's role may not
 * do: of all strings, where calls are only samples. Throws Escape.
 */
export function proveGrant({ input, rules }: ArbitraryCase, { grants, sessionPolicy }: Entitlement): void {
  const granted = grants.map(({ resource: key, actions }) => {
    const resource = rules.catalog.resources.get(key);
    if (!resource) throw new Escape(`the session policy opens more than it grants: ${key} is in no catalog`);
    return { resource, actions };
  });
  const references = {
    grants: grantsReference(granted, input.request.subject?.id),
    role: roleReference([...rules.catalog.resources.values()]),
  };
  for (const [name, reference] of Object.entries(references)) {
    const answer = proveSession(sessionPolicy, reference);
    if (answer.verdict === 'within') continue;
    throw new Escape(
      `the session policy opens more than it grants, by its ${name}: ${JSON.stringify(answer)} by ${sessionPolicy}`,
    );
  }
}
