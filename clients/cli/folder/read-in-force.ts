import type { Template } from '../../../lambdas/shared/domain/people/template.ts';
import type { Policy, Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { BrokerClient } from '../../sdk/broker-client.ts';
import { PosternError } from '../../sdk/postern-error.ts';

/** What a folder is held against: what the broker has now. */
export type InForce = {
  readonly caller: Principal;
  readonly principals: ReadonlyMap<string, Principal>;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly templates: ReadonlyMap<string, Template>;
};

type Broker = Pick<BrokerClient, 'listPrincipals' | 'getPolicy' | 'directory'>;

/** Policies that are read at once. */
const AT_ONCE = 8;

async function readPolicies(
  ids: readonly string[],
  broker: Broker,
  signal: AbortSignal,
): Promise<Map<string, Policy>> {
  const found = new Map<string, Policy>();
  for (let from = 0; from < ids.length; from += AT_ONCE)
    await Promise.all(
      ids.slice(from, from + AT_ONCE).map(async (id) => {
        try {
          found.set(id, await broker.getPolicy(id, { signal }));
        } catch (error) {
          if (!(error instanceof PosternError) || error.code !== 'policy_not_found') throw error;
        }
      }),
    );
  return found;
}

/**
 * Reads principals and templates, and the policies of those that `isRead` names. Throws PosternError where the caller may
 * not read everybody: who is not seen would pass for somebody new.
 */
export async function readInForce(
  broker: Broker,
  isRead: (principalId: string) => boolean,
  signal: AbortSignal,
): Promise<InForce> {
  const [{ principals, caller }, { templates }] = await Promise.all([
    broker.listPrincipals({ signal }),
    broker.directory({ signal }),
  ]);
  const self = principals.find(({ id }) => id === caller.id);
  if (!self || !(caller.auditor || caller.mayProposePrincipals || caller.mayProposePolicies)) {
    const detail =
      'This principal may not read the others: ask as an auditor, or as who may propose changes.';
    throw new PosternError({ code: 'auditor_required', detail });
  }
  const ids = principals.map(({ id }) => id).filter(isRead);
  return {
    caller: self,
    principals: new Map(principals.map((principal) => [principal.id, principal])),
    policies: await readPolicies(ids, broker, signal),
    templates: new Map(templates.map((template) => [template.id, template])),
  };
}
