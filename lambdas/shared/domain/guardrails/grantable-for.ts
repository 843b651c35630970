import { accessLevelOf, type Catalog, type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import type { Principal } from '../principal.ts';
import { isSubjectScopable } from '../session-policy/subject-scope.ts';
import { askByKind } from './ask-by-kind.ts';
import { couldBeAllowed } from './at-best.ts';
import { MOST_APPROVALS } from './find-quorum.ts';
import type { Guardrails } from './guardrails.ts';

/** A resource and the actions on it that a principal could ever be granted. */
export type Grantable = { readonly resource: CatalogResource; readonly actions: readonly string[] };

/** With the shortest session, every approval and step-up there is: what could not be allowed then is never granted. */
export const MOST_FAVOURABLE = {
  durationSeconds: 900,
  approvals: MOST_APPROVALS,
  stepUpApprovals: MOST_APPROVALS,
};

/**
 * What the guardrails could ever allow this principal, in catalog order. Resources whose rows belong to a
 * subject are among it only on behalf of one. Unless `references` are given, it may name whichever it takes;
 * facts from outside may come, whichever are stated now.
 */
export function grantableFor(
  principal: Principal,
  { onBehalfOf, references }: { onBehalfOf: boolean; references?: readonly string[] | undefined },
  { catalog, guardrails }: { catalog: Catalog; guardrails: Guardrails },
): Grantable[] {
  const survey = askByKind(guardrails);
  return [...catalog.resources.values()].flatMap((resource) => {
    if (resource.subjectScoped && !onBehalfOf) return [];
    const actions = grantableActions(resource).filter((action) => {
      if (resource.subjectScoped && !isSubjectScopable(resource.kind, action)) return false;
      const level = accessLevelOf(resource, action);
      if (survey.couldPermit?.(principal, { resource: resource.key, action, level }) === false) return false;
      const context = { ...MOST_FAVOURABLE, onBehalfOf, ...(references && { references }) };
      return couldBeAllowed(survey, { principal, action, resource, context });
    });
    return actions.length > 0 ? [{ resource, actions }] : [];
  });
}
