import { wholeDiffOfBundle } from '../../lambdas/request-approval/diff-of-bundle.ts';
import { wholeDiffOf } from '../../lambdas/request-approval/what-is-asked.ts';
import type { Change, ChangePart } from '../../lambdas/shared/domain/access-request.ts';
import { partsOf } from '../../lambdas/shared/domain/bundle/bundle.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import {
  principalText,
  readableProposal,
  templateText,
} from '../../lambdas/shared/domain/text/readable-proposal.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';

/** A principal as text, a field a line. */
export const textOfPrincipal = (principal: Principal): string =>
  JSON.stringify(JSON.parse(canonicalJson(principal)), null, 2);

/** What is in force of what a part is about, as people read it; empty where there is none. */
async function currentText(api: Api, { kind, target }: Pick<ChangePart, 'kind' | 'target'>): Promise<string> {
  if (kind === 'policy') return (await api.policy(target)).text;
  if (kind === 'template') {
    const present = (await api.directory()).templates.find(({ id }) => id === target);
    return present ? templateText(present) : '';
  }
  const present = (await api.principals()).principals.find(({ id }) => id === target);
  return present ? textOfPrincipal(present) : '';
}

/** A principal in the order of its fields, as one that is in force is shown. */
const proposedText = ({ kind, proposal }: ChangePart): string =>
  kind === 'principal'
    ? JSON.stringify(JSON.parse(canonicalJson(JSON.parse(proposal))), null, 2)
    : readableProposal({ kind, proposal });

/** What a change would change of what is in force; undefined where that may not be read, or is what is proposed. */
export async function changeDiff(api: Api, change: Change | undefined): Promise<string | undefined> {
  const parts = change && partsOf(change);
  if (!parts) return undefined;
  try {
    if (change.kind === 'bundle') return wholeDiffOfBundle(await compare(api, parts));
    const [part] = parts;
    return part && (wholeDiffOf(await currentText(api, part), proposedText(part)) || undefined);
  } catch (error) {
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 401) return undefined;
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Each part beside what is in force. Lists are read once, and a policy that there is none of yet is empty. */
async function compare(api: Api, parts: readonly ChangePart[]) {
  const isPart = (kind: ChangePart['kind']) => parts.some((part) => part.kind === kind);
  const [principals, templates] = await Promise.all([
    isPart('principal') ? api.principals().then((list) => list.principals) : [],
    isPart('template') ? api.directory().then((directory) => directory.templates) : [],
  ]);
  const inForce = async ({ kind, target }: ChangePart): Promise<string> => {
    if (kind === 'policy') return policyText(api, target);
    const present = (kind === 'template' ? templates : principals).find(({ id }) => id === target);
    if (!present) return '';
    return kind === 'template' ? templateText(present) : principalText(present);
  };
  return Promise.all(parts.map(async (part) => ({ part, current: await inForce(part) })));
}

async function policyText(api: Api, target: string): Promise<string> {
  try {
    return (await api.policy(target)).text;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'policy_not_found') return '';
    throw error;
  }
}
