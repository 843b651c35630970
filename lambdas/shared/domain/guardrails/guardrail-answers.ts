import { accessLevelOf, type CatalogResource, grantableActions } from '../catalog/catalog.ts';
import type { Principal } from '../principal.ts';
import { askByKind } from './ask-by-kind.ts';
import type { Lack } from './at-best.ts';
import { findQuorumAtBest, type QuorumAnswer } from './find-quorum.ts';
import type { Guardrails } from './guardrails.ts';

/** What the guardrails are asked about, and with. */
export type GuardrailsConfig = {
  readonly catalog: { readonly resources: ReadonlyMap<string, CatalogResource> };
  readonly guardrails: Guardrails;
};

/** The most favourable question there is: the shortest session, for a subject where rows belong to one. */
export function answerFor(
  config: GuardrailsConfig,
  principal: Principal,
  resource: CatalogResource,
  action: string,
): QuorumAnswer {
  const onBehalfOf = resource.subjectScoped && principal.subjectIssuers.length > 0;
  const context = { durationSeconds: 900, onBehalfOf };
  return findQuorumAtBest(
    config.guardrails,
    { principal, resource, actions: [action], context },
    { approvals: 0, stepUp: 0 },
  );
}

/** The answer in words: `allowed`, `2 approvals, 1 with a code`, `never`, or that there is none. */
export function inWords(answer: QuorumAnswer): string {
  if (answer.kind === 'allowed') return `allowed${lacksInWords(answer)}`;
  if (answer.kind === 'never') return 'never';
  if (answer.kind === 'error') return 'denied: a guardrail could not be evaluated';
  const { approvals, stepUp } = answer.quorum;
  return `${approvals} approval${approvals === 1 ? '' : 's'}${stepUp > 0 ? `, ${stepUp} with a code` : ''}${lacksInWords(answer)}`;
}

/** What else it takes, as the answer in words says it. */
const LACKS = { reference: ', with a reference', fact: ', with a fact from outside' } as const;
const lacksInWords = ({ lacks }: { readonly lacks?: Lack }): string => (lacks ? LACKS[lacks] : '');

function decidedBy(answer: QuorumAnswer): string {
  if (answer.kind === 'error') return `errors: ${answer.errors.join('; ')}`;
  return answer.policyIds.length > 0 ? `decided by ${answer.policyIds.join(', ')}` : 'no policy permits it';
}

const NEVER: QuorumAnswer = { kind: 'never', action: '', policyIds: [] };

/** The same where only the answer matters, and not which policies decided. */
export function shortAnswerFor(
  config: GuardrailsConfig,
  principal: Principal,
  resource: CatalogResource,
  action: string,
): QuorumAnswer {
  const wanted = { resource: resource.key, action, level: accessLevelOf(resource, action) };
  const isHopeless = config.guardrails.couldPermit?.(principal, wanted) === false;
  return isHopeless ? NEVER : answerFor(config, principal, resource, action);
}

/** Every principal, resource and action: what the guardrails say, a line each. */
export function matrixOf(config: GuardrailsConfig, principals: readonly Principal[]): string {
  const survey = { ...config, guardrails: askByKind(config.guardrails) };
  const rows = principals.flatMap((principal) =>
    [...config.catalog.resources.values()].flatMap((resource) =>
      grantableActions(resource).map((action) => {
        const scope = resource.subjectScoped ? `${resource.key} (own rows)` : resource.key;
        return `${principal.id.padEnd(24)}${scope.padEnd(34)}${action.padEnd(32)}${inWords(shortAnswerFor(survey, principal, resource, action))}`;
      }),
    ),
  );
  return `${rows.join('\n')}\n`;
}

/** One answer, with the policies that decided. Undefined where resource or action is not in the catalog. */
export function explain(
  config: GuardrailsConfig,
  principal: Principal,
  key: string,
  action: string,
): string | undefined {
  const resource = config.catalog.resources.get(key);
  if (!resource || !grantableActions(resource).includes(action)) return undefined;
  const answer = answerFor(config, principal, resource, action);
  return [
    `${principal.id} (${principal.type}, ${principal.status}, in ${principal.groups.join(', ') || 'no group'})`,
    `${action} on ${key} (${resource.sensitivity}${resource.subjectScoped ? ", its subject's rows" : ''}): ${inWords(answer)}`,
    decidedBy(answer),
  ].join('\n');
}
