import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { AccessLevel } from '../../domain/catalog/catalog.ts';
import type { GuardrailQuestion } from '../../domain/guardrails/guardrails.ts';
import type { Principal } from '../../domain/principal.ts';
import { entityLiteralsOf } from './cedar-literals.ts';
import { accountAttributes } from './cedar-schema.ts';
import { isForPrincipal } from './relevant-policies.ts';

/** What can tell one principal from another: the policies whose scope takes it in, and what they name. */
type Outlook = { readonly policies: readonly number[]; readonly named: ReadonlySet<string> };

const nameOf = (type: string, id: string): string => `${type}::${id}`;

function outlookOf(policies: readonly PolicyJson[], principal: Principal): Outlook {
  const those = [...policies.entries()].filter(([, policy]) => isForPrincipal(policy, principal));
  const named = those.flatMap(([, policy]) =>
    entityLiteralsOf(policy).map(({ type, id }) => nameOf(type, id)),
  );
  return { policies: those.map(([index]) => index), named: new Set(named) };
}

/**
 * Names the kind of a question: those of one kind have the same answer. Cedar can tell entities apart by their
 * attributes, their groups and by being named in a policy, and by nothing else: an id cannot be read. So of a principal, a
 * group and a resource that no policy names, which is in force for that principal, the id is left out, and of an action
 * all but its level.
 * @see https://docs.cedarpolicy.com/policies/syntax-entity.html
 */
export function makeKindOfQuestion(
  policies: readonly PolicyJson[],
  levels: ReadonlyMap<string, AccessLevel>,
): (question: GuardrailQuestion) => string {
  const outlooks = new WeakMap<Principal, Outlook>();
  return ({ principal, action, resource, context }) => {
    const outlook = outlooks.get(principal) ?? outlookOf(policies, principal);
    outlooks.set(principal, outlook);
    const ifNamed = (type: string, id: string) => (outlook.named.has(nameOf(type, id)) ? [id] : []);
    return JSON.stringify([
      outlook.policies,
      ifNamed('Principal', principal.id),
      principal.type,
      principal.status,
      principal.groups.flatMap((group) => ifNamed('Group', group)).sort(),
      outlook.named.has(nameOf('Action', action)) ? [action] : (levels.get(action) ?? [action]),
      ifNamed('Resource', resource.key),
      resource.kind,
      resource.sensitivity,
      resource.subjectScoped,
      accountAttributes(resource),
      context,
    ]);
  };
}
