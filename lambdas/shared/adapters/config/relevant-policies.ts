import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { WantedAction } from '../../domain/guardrails/guardrails.ts';
import type { Principal } from '../../domain/principal.ts';

type Entity = { readonly type?: string; readonly id?: string };
type Scope = { readonly op?: string; readonly entity?: unknown; readonly entities?: readonly unknown[] };

/** An entity as Cedar's JSON names it, bare or in an `__entity`. */
const entityOf = (value: unknown): Entity =>
  ((value as { __entity?: Entity } | undefined)?.__entity ?? value ?? {}) as Entity;

const entitiesIn = ({ entity, entities }: Scope): Entity[] =>
  (entities ?? (entity === undefined ? [] : [entity])).map(entityOf);

/** Whether a scope can be met by one of these ids. A scope of another form may be met by anything. */
function canBeMet(scope: Scope | undefined, ids: ReadonlySet<string>): boolean {
  if (scope === undefined || (scope.op !== '==' && scope.op !== 'in')) return true;
  return entitiesIn(scope).some(({ id }) => id === undefined || ids.has(id));
}

/** Cedar's own type gives each part another union of forms; all of them have an `op`, which is all that is read. */
const scopeOf = (policy: PolicyJson, part: 'principal' | 'action' | 'resource'): Scope | undefined =>
  (policy as unknown as Record<string, Scope | undefined>)[part];

/** Whether a policy's scope takes this principal in. Errs towards yes. */
export const isForPrincipal = (policy: PolicyJson, { id, groups }: Principal): boolean =>
  canBeMet(scopeOf(policy, 'principal'), new Set([id, ...groups]));

const isAbout = (policy: PolicyJson, { resource, action, level }: WantedAction): boolean =>
  canBeMet(scopeOf(policy, 'resource'), new Set([resource])) &&
  canBeMet(scopeOf(policy, 'action'), new Set([action, ...(level ? [level] : [])]));

/**
 * Whether a policy could have a say on what is wanted, by its scope alone. Errs towards yes: what a condition rules out
 * is not looked at.
 */
export const mayApply = (
  policy: PolicyJson,
  principal: Principal,
  wanted: readonly WantedAction[],
): boolean => isForPrincipal(policy, principal) && wanted.some((action) => isAbout(policy, action));

/**
 * Whether some permit could let a principal do an action, by the permits' scopes: where none could, the guardrails'
 * answer is no, and they need not be asked. A catalog of hundreds is mostly what a principal may never have.
 */
export function makePermitFilter(policies: readonly PolicyJson[]) {
  const permits = policies.filter(({ effect }) => effect === 'permit');
  const ofPrincipal = new WeakMap<Principal, readonly PolicyJson[]>();
  return (principal: Principal, wanted: WantedAction): boolean => {
    const known = ofPrincipal.get(principal) ?? permits.filter((policy) => isForPrincipal(policy, principal));
    ofPrincipal.set(principal, known);
    return known.some((policy) => isAbout(policy, wanted));
  };
}
