import { accessLevelOf, type Catalog, type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import { ANY_REFERENCE } from '../outside/references.ts';
import type { Principal } from '../principal.ts';
import { isSubjectScopable } from '../session-policy/subject-scope.ts';
import { askByKind } from './ask-by-kind.ts';
import { MOST_APPROVALS } from './find-quorum.ts';
import type { Guardrails } from './guardrails.ts';

/** A resource and the actions on it that a principal could ever be granted. */
export type Grantable = { readonly resource: CatalogResource; readonly actions: readonly string[] };

/** With the shortest session, every approval and step-up there is, and a reference: what is denied then is never granted. */
export const MOST_FAVOURABLE = {
  durationSeconds: 900,
  approvals: MOST_APPROVALS,
  stepUpApprovals: MOST_APPROVALS,
  references: [ANY_REFERENCE],
};

/**
 * What the guardrails could ever allow this principal, in catalog order. Resources whose rows belong to a
 * subject are among it only on behalf of one. Unless `references` are given, it may name whichever it takes.
 */
export function grantableFor(
  principal: Principal,
  {
    onBehalfOf,
    references = MOST_FAVOURABLE.references,
  }: { onBehalfOf: boolean; references?: readonly string[] | undefined },
  { catalog, guardrails }: { catalog: Catalog; guardrails: Guardrails },
): Grantable[] {
  const survey = askByKind(guardrails);
  return [...catalog.resources.values()].flatMap((resource) => {
    if (resource.subjectScoped && !onBehalfOf) return [];
    const actions = grantableActions(resource).filter((action) => {
      if (resource.subjectScoped && !isSubjectScopable(resource.kind, action)) return false;
      const level = accessLevelOf(resource, action);
      if (survey.couldPermit?.(principal, { resource: resource.key, action, level }) === false) return false;
      const context = { ...MOST_FAVOURABLE, onBehalfOf, references };
      const answer = survey.ask({ principal, action, resource, context });
      return answer.allowed && answer.errors.length === 0;
    });
    return actions.length > 0 ? [{ resource, actions }] : [];
  });
}
