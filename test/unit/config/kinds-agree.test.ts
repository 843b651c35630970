import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type CatalogResource,
  catalogSchema,
  grantableActions,
  resourceKindSchema,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { lets, type Probe } from '../../support/judge.ts';
import { requestsFor } from '../../support/request-for.ts';
import { sessionOpens } from '../../support/session-opens.ts';

const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const SUBJECT = 'c-1042';

const read = (file: string) => catalogSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).resources;
const ENTRIES = [...read('config/catalog.json'), ...read('docs/examples/catalog-every-kind.json')].map(
  (entry) => resolveArns(entry, PLACE),
);
const serviceOf = (action: string): string => action.split(':')[0] ?? '';

/** What others have of the same service: their actions, and calls that their own policies are made for. */
async function requestsOfOthers(services: ReadonlySet<string>): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const entry of ENTRIES) {
    for (const action of grantableActions(entry).filter((each) => services.has(serviceOf(each)))) {
      const policy = buildSessionPolicy([{ resource: entry, actions: [action] }], 'c-2077');
      probes.push(...(await requestsFor(action, policy)));
    }
  }
  return probes;
}

/** A call beside the one that a policy is made for: another place, another name, another context, or none. */
const beside = ({ action, resource, context = {} }: Probe): Probe[] => {
  if (resource === '*') return [];
  return [
    { action, resource: `${resource}x`, context },
    { action, resource: resource.slice(0, -1), context },
    { action, resource: resource.replace(':eu-central-1:', ':eu-west-1:'), context },
    { action, resource: resource.replace(':123456789012:', ':210987654321:'), context },
    { action, resource },
    {
      action,
      resource,
      context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, `${value}x`])),
    },
  ].filter(isOfSomething);
};

/** A stream without a name is nothing that a call could be about. */
const isOfSomething = ({ resource }: Probe): boolean => !resource.endsWith(':log-stream:');

/** Whether the simulator lets a call through; undefined where it takes an ARN for two kinds, as a function's qualifier. */
const simulated = (policy: string, probe: Probe): Promise<boolean | undefined> =>
  lets(policy, probe).catch((error: Error) => {
    if (error.message.includes('multiple.resource.types')) return undefined;
    throw error;
  });

const ofKind = (kind: string): CatalogResource[] => ENTRIES.filter((entry) => entry.kind === kind);

describe.each(resourceKindSchema.options)('what the policy of a %s allows', (kind) => {
  test('is the same to iam-simulate and to policy/evaluate, call by call', async () => {
    const seen = { allowed: 0, denied: 0 };
    const disagreements: string[] = [];
    for (const resource of ofKind(kind)) {
      const actions = grantableActions(resource);
      const policy = buildSessionPolicy([{ resource, actions }], SUBJECT);
      const own = (await Promise.all(actions.map((action) => requestsFor(action, policy)))).flat();
      const others = await requestsOfOthers(new Set(actions.map(serviceOf)));
      for (const probe of [...own, ...own.flatMap(beside), ...others]) {
        const [ours, theirs] = [sessionOpens(policy, probe), await simulated(policy, probe)];
        seen[ours ? 'allowed' : 'denied'] += 1;
        if (theirs !== undefined && ours !== theirs)
          disagreements.push(`${JSON.stringify(probe)} by ${policy}: ${ours}, ${theirs}`);
      }
    }
    expect(disagreements).toEqual([]);
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(0);
  });
});
