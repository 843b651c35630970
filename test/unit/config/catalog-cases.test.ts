import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readIamData } from '../../../infra/read-iam-data.ts';
import {
  type CatalogResource,
  catalogSchema,
  grantableActions,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { problemsOfCatalog } from '../../../lambdas/shared/domain/catalog/check-catalog.ts';
import { problemOfEntry } from '../../../lambdas/shared/domain/catalog/iam/problem-of-entry.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { grantsReference } from '../../../lambdas/shared/domain/proof/grants-reference.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { proveSession } from '../../../policy/prove/prove-session.ts';
import { lets, type Probe } from '../../support/judge.ts';
import { sessionOpens } from '../../support/session-opens.ts';

type Refused = { readonly name: string; readonly entry: object; readonly refused: string };
type Usable = { readonly name: string; readonly entry: object; readonly opens: readonly Probe[] };
const cases = <Case>(file: string) =>
  JSON.parse(readFileSync(`test/cases/catalog/${file}.json`, 'utf8')) as Case[];

const iam = readIamData();
const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const SUBJECT = 'c-1042';

/** An entry as a catalog would hold it, and what is said of it: by the schema, the catalog's check, or IAM's. */
function read(entry: object): { resource?: CatalogResource; problem?: string } {
  const parsed = catalogSchema.safeParse({
    version: 1,
    resources: [
      {
        key: 'something',
        purpose: 'Something that is brokered',
        sensitivity: 'internal',
        maxDurationSeconds: 900,
        ...entry,
      },
    ],
  });
  if (!parsed.success) return { problem: parsed.error.issues.map(({ message }) => message).join('; ') };
  const [resource] = parsed.data.resources;
  if (!resource) throw new Error('no entry');
  const problem = problemsOfCatalog(parsed.data)[0]?.problem ?? problemOfEntry(resource, iam);
  return problem === undefined ? { resource } : { problem };
}

const refused = cases<Refused>('refused');
const usable = cases<Usable>('usable');

test('an attacker has tried at least eighty entries', () => {
  expect(refused.length).toBeGreaterThanOrEqual(80);
  expect(new Set([...refused, ...usable].map(({ name }) => name)).size).toBe(refused.length + usable.length);
});

test.each(refused)('refused, with what to write: $name', ({ entry, refused: words }) => {
  expect(read(entry).problem).toContain(words);
});

describe.each(usable)('usable: $name', ({ entry, opens }) => {
  const { resource, problem } = read(entry);

  test('is accepted', () => {
    expect(problem).toBeUndefined();
    expect([...new Set(opens.map(({ action }) => action))].sort()).toEqual(
      resource && grantableActions(resource).sort(),
    );
  });

  test.each(opens)('opens $action on $resource', async (probe) => {
    if (!resource) throw new Error(problem);
    const grant = { resource: resolveArns(resource, PLACE), actions: [probe.action] };
    const policy = buildSessionPolicy([grant], SUBJECT);
    expect(await lets(policy, probe)).toBe(true);
    expect(sessionOpens(policy, probe)).toBe(true);
  });

  test('opens no more than what is granted', () => {
    if (!resource) throw new Error(problem);
    const grant = { resource: resolveArns(resource, PLACE), actions: grantableActions(resource) };
    const reference = grantsReference([grant], SUBJECT);
    expect(proveSession(buildSessionPolicy([grant], SUBJECT), reference)).toMatchObject({
      verdict: 'within',
    });
  });
});
