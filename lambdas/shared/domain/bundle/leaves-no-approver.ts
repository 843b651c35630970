import type { ChangePart } from '../access-request.ts';
import { approverGroupsOf, type Tier } from '../approvals/approvals-config.ts';
import { proposedPrincipal } from '../identity/proposed-principal.ts';
import { proposedTemplate, type Template } from '../people/template.ts';
import type { Principal } from '../principal.ts';

/** The groups that somebody of a template has at least: those of everybody, and of the further ones what they have now. */
function groupsBy({ groups, also }: Template, principal: Principal): string[] {
  const further = new Set(also.flatMap((entry) => entry.groups));
  return [...groups, ...principal.groups.filter((group) => further.has(group))];
}

/** Everybody as they would be. */
function after(principals: readonly Principal[], parts: readonly ChangePart[]): Principal[] {
  const proposed = parts.flatMap((part) => proposedPrincipal(part) ?? []);
  const templates = new Map(
    parts.flatMap((part) => {
      const template = part.kind === 'template' ? proposedTemplate(part.proposal) : undefined;
      return template ? [[template.id, template] as const] : [];
    }),
  );
  const ids = new Set(proposed.map(({ id }) => id));
  const others = principals
    .filter(({ id }) => !ids.has(id))
    .map((principal) => {
      const template = templates.get(principal.directory?.template ?? '');
      return template ? { ...principal, groups: groupsBy(template, principal) } : principal;
    });
  return [...others, ...proposed];
}

/**
 * Whether nobody could approve anything any more once these parts are in force, where somebody can now. Who votes as
 * a member of a Slack user group alone is not counted: who that is, Slack says.
 */
export function leavesNoApprover(
  principals: readonly Principal[],
  parts: readonly ChangePart[],
  tiers: readonly Pick<Tier, 'approverGroup'>[],
): boolean {
  const approverGroups = new Set(approverGroupsOf(tiers));
  const isApprover = ({ type, status, groups }: Principal) =>
    type === 'human' && status === 'active' && groups.some((group) => approverGroups.has(group));
  return principals.some(isApprover) && !after(principals, parts).some(isApprover);
}
