import { accessLevelOf, type Catalog, type CatalogResource } from '../shared/domain/catalog/catalog.ts';
import { findQuorumAtBest } from '../shared/domain/guardrails/find-quorum.ts';
import { grantableFor } from '../shared/domain/guardrails/grantable-for.ts';
import type { Guardrails } from '../shared/domain/guardrails/guardrails.ts';
import { problemsOfJobs } from '../shared/domain/jobs/problems-of-jobs.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Quorum } from '../shared/domain/verdict.ts';
import type { CatalogView } from './list-catalog-spec.ts';

type Config = { readonly catalog: Catalog; readonly guardrails: Guardrails };
type ActionView = CatalogView['resources'][number]['actions'][number];

const NOBODY: Quorum = { approvals: 0, stepUp: 0 };
/** The most favourable duration: what needs people for 900 seconds needs them for longer too. */
const SHORTEST_SECONDS = 900;

/** What the guardrails could ever allow this principal, with and without a signed-in subject, in catalog order. */
export function catalogViewOf(principal: Principal, config: Config): CatalogView {
  const alone = actionsByResource(principal, false, config);
  const onBehalf = actionsByResource(principal, true, config);
  const resources = [...config.catalog.resources.values()].flatMap((resource) => {
    const without = alone.get(resource.key) ?? [];
    const withSubject = (onBehalf.get(resource.key) ?? []).filter((action) => !without.includes(action));
    const actions = [
      ...without.map((action) => actionView(principal, resource, action, false, config)),
      ...withSubject.map((action) => actionView(principal, resource, action, true, config)),
    ].flat();
    return actions.length > 0 ? [resourceView(resource, actions)] : [];
  });
  const jobs = Object.entries(principal.jobs ?? {}).map(([job, fixed]) => ({
    job,
    ...fixed,
    ...(problemsOfJobs({ [job]: fixed }, config.catalog).length > 0 && { outdated: true as const }),
  }));
  return { principal: principal.id, resources, ...(jobs.length > 0 && { jobs }) };
}

function actionsByResource(principal: Principal, onBehalfOf: boolean, config: Config) {
  const grantable = grantableFor(principal, { onBehalfOf }, config);
  return new Map(grantable.map(({ resource, actions }) => [resource.key, actions]));
}

function actionView(
  principal: Principal,
  resource: CatalogResource,
  action: string,
  onBehalfOf: boolean,
  { guardrails }: Config,
): ActionView[] {
  const level = accessLevelOf(resource, action);
  const context = { durationSeconds: SHORTEST_SECONDS, onBehalfOf };
  const answer = findQuorumAtBest(guardrails, { principal, resource, actions: [action], context }, NOBODY);
  if (!level || answer.kind === 'never' || answer.kind === 'error') return [];
  const needs = answer.kind === 'needs' ? answer.quorum : NOBODY;
  const { lacks } = answer;
  return [{ action, level, onBehalfOf, needs, ...(lacks && { lacks }) }];
}

function resourceView(resource: CatalogResource, actions: ActionView[]): CatalogView['resources'][number] {
  const { key, kind, account, purpose, sensitivity, maxDurationSeconds, subjectScoped } = resource;
  return {
    ...{ resource: key, kind, ...(account && { account }), purpose, sensitivity },
    ...{ maxDurationSeconds, subjectScoped, actions },
  };
}
