import { wholeDiffOf } from '../../lambdas/request-approval/what-is-asked.ts';
import type { Change } from '../../lambdas/shared/domain/access-request.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { templateText } from '../../lambdas/shared/domain/text/readable-proposal.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';

/** A principal as text, a field a line. */
export const textOfPrincipal = (principal: Principal): string =>
  JSON.stringify(JSON.parse(canonicalJson(principal)), null, 2);

/** What a change would change of what is in force; undefined where that may not be read, or is what is proposed. */
export async function changeDiff(api: Api, change: Change | undefined): Promise<string | undefined> {
  if (!change) return undefined;
  const { kind, target, proposal } = change;
  try {
    if (kind === 'policy') return wholeDiffOf((await api.policy(target)).text, proposal) || undefined;
    if (kind === 'template') {
      const present = (await api.directory()).templates.find(({ id }) => id === target);
      const proposed = templateText(JSON.parse(proposal));
      return wholeDiffOf(present ? templateText(present) : '', proposed) || undefined;
    }
    const { principals } = await api.principals();
    const present = principals.find(({ id }) => id === target);
    const proposed = JSON.stringify(JSON.parse(canonicalJson(JSON.parse(proposal))), null, 2);
    return wholeDiffOf(present ? textOfPrincipal(present) : '', proposed) || undefined;
  } catch (error) {
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 401) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
