import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { proveSession } from '../../../policy/prove/prove-session.ts';
import { grantsReference } from '../../support/references.ts';
import { arbitraryCases, arrange } from './arbitrary-cases.ts';
import { NOW } from './arrange-case.ts';

/** Sessions to break, in all. */
const WANTED = 1_000;

/** Cases, drawn a few at a time: as many as it takes to break so many sessions, and no more. */
function* drawCases() {
  for (let seed = 7; seed < 47; seed += 1) {
    for (const cases of fc.sample(arbitraryCases(4), { numRuns: 100, seed })) yield* cases;
  }
}

/** Ways in which a session policy can be broken by a small mistake, each of them wider than what was granted. */
const BREAKS: Record<string, (policy: string, subject: string) => string> = {
  'a wildcard': (policy) => policy.replace(/"(dynamodb|s3|sqs|sns|lambda):[A-Za-z]+"/, '"$1:*"'),
  'no Null': (policy) => policy.replaceAll(',"Null":{"dynamodb:LeadingKeys":"false"}', ''),
  'another subject': (policy, subject) => policy.replaceAll(subject, `${subject}9`),
  'another resource': (policy) =>
    policy.replace(/(table\/t|:queue|:::bucket|:topic|function:f)(\d+)/, '$1$29'),
  'no condition': (policy) =>
    JSON.stringify(JSON.parse(policy), (name, value) => (name === 'Condition' ? undefined : value)),
};

test(`${WANTED} sessions broken on purpose are all found wider, by a request that shows it`, () => {
  const counts = Object.fromEntries(Object.keys(BREAKS).map((name) => [name, 0]));
  const missed: string[] = [];
  let broken = 0;
  for (const plain of drawCases()) {
    if (broken >= WANTED) break;
    const fixture = arrange(plain);
    const verdict = validateDecision(fixture.input, fixture.rules, NOW);
    if (verdict.outcome !== 'grant') continue;
    const { grants, sessionPolicy } = verdict.entitlement;
    const subject = fixture.input.request.subject?.id;
    const granted = grants.flatMap(({ resource: key, actions }) => {
      const resource = fixture.rules.catalog.resources.get(key);
      return resource ? [{ resource, actions }] : [];
    });
    const reference = grantsReference(granted, subject);
    expect(proveSession(sessionPolicy, reference)).toEqual({ verdict: 'within' });
    for (const [name, breakIt] of Object.entries(BREAKS)) {
      const policy = breakIt(sessionPolicy, subject ?? 'nobody');
      if (policy === sessionPolicy) continue;
      broken += 1;
      counts[name] = (counts[name] ?? 0) + 1;
      const answer = proveSession(policy, reference);
      if (answer.verdict !== 'wider') missed.push(`${name}: ${JSON.stringify(answer)} of ${policy}`);
    }
  }
  expect(missed).toEqual([]);
  expect(broken).toBeGreaterThanOrEqual(WANTED);
  for (const [name, count] of Object.entries(counts))
    expect([name, count >= WANTED / 50]).toEqual([name, true]);
}, 120_000);
