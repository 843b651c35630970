import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { lets, type Probe } from '../../support/judge.ts';
import { arbitraryCases, arrange, type PlainCase } from './arbitrary-cases.ts';
import { NOW } from './arrange-case.ts';
import { checkGrant, Escape, everyOtherProbe, probesOf } from './judge-verdict.ts';
import { proveGrant } from './prove-grant.ts';
import { shrink } from './shrink.ts';

/** Cases that share a catalog and its guardrails. */
const IN_ONE_WORLD = 4;
const PROBES_A_POLICY = 20;
/** Policies that are probed with every action on every resource. */
const PROBED_TO_THE_LAST = 20;

/** Some of a list, spread over it, so that every kind of probe comes up. */
function sampleOf<T>(list: readonly T[], n: number, from: number): T[] {
  const step = Math.max(1, Math.floor(list.length / n));
  return list.filter((_, index) => (index + from) % step === 0).slice(0, n);
}

async function probe(policy: string, calls: readonly Probe[], expected: boolean): Promise<number> {
  for (const call of calls) {
    if ((await lets(policy, call)) === expected) continue;
    const said = expected ? 'does not open what it grants' : 'opens more than it grants';
    throw new Escape(`the session policy ${said}: ${JSON.stringify(call)} by ${policy}`);
  }
  return calls.length;
}

type Decide = typeof validateDecision;

/** Decides one case and tries its grant in full. Throws Escape with what is wrong; answers how many calls were tried. */
export async function judge(plain: PlainCase, decide: Decide): Promise<number> {
  const fixture = arrange(plain);
  const verdict = decide(fixture.input, fixture.rules, NOW);
  if (verdict.outcome !== 'grant') return 0;
  checkGrant(fixture, verdict);
  const { opens, mustStayShut } = probesOf(fixture, verdict.entitlement);
  proveGrant(fixture, verdict.entitlement);
  const policy = verdict.entitlement.sessionPolicy;
  const shut = [...mustStayShut, ...everyOtherProbe(fixture, verdict.entitlement)];
  return (await probe(policy, opens, true)) + (await probe(policy, shut, false));
}

/**
 * Decides so many arbitrary cases. Each policy that is granted is proved to open no more than its grants and the
 * role say, and is tried by a simulator of IAM, by a sample of calls, some to the last one. A case that fails is
 * shrunk, kept as `shrunk-<seed>.json`, and named in the error.
 */
export async function explore(decide: Decide, options: { runs: number; seed: number; folder: string }) {
  const { runs, seed, folder } = options;
  const seen = new Set<string>();
  const counts = { verdicts: 0, grants: 0, underCedar: 0, policies: 0, probes: 0 };
  let failed: PlainCase | undefined;

  const property = fc.asyncProperty(arbitraryCases(IN_ONE_WORLD), async (cases) => {
    for (const plain of cases) {
      failed = plain;
      await count(plain);
    }
  });

  async function count(plain: PlainCase): Promise<void> {
    const fixture = arrange(plain);
    const verdict = decide(fixture.input, fixture.rules, NOW);
    counts.verdicts += 1;
    if (verdict.outcome !== 'grant') return;
    counts.grants += 1;
    if ('rules' in plain.guardrails) counts.underCedar += 1;
    checkGrant(fixture, verdict);
    const { entitlement } = verdict;
    const policy = entitlement.sessionPolicy;
    if (seen.has(policy)) return;
    seen.add(policy);
    counts.policies += 1;
    proveGrant(fixture, entitlement);
    const { opens, mustStayShut } = probesOf(fixture, entitlement);
    const all = counts.policies <= PROBED_TO_THE_LAST;
    const most = all ? Number.POSITIVE_INFINITY : PROBES_A_POLICY / 2;
    counts.probes += await probe(policy, sampleOf(opens, most, counts.policies), true);
    counts.probes += await probe(policy, sampleOf(mustStayShut, most, counts.policies), false);
    if (all) counts.probes += await probe(policy, everyOtherProbe(fixture, entitlement), false);
  }

  // What failed is shrunk below, where everything is tried: a sample could miss it.
  const result = await fc.check(property, { numRuns: runs / IN_ONE_WORLD, seed, endOnFailure: true });
  if (result.failed && failed) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `shrunk-${seed}.json`);
    const smallest = await shrink(failed, (plain) => escapes(plain, decide));
    writeFileSync(file, `${JSON.stringify(smallest, null, 2)}\n`);
    throw new Error(`${file} (seed ${seed}, path ${result.counterexamplePath}): ${reasonOf(result)}`);
  }
  return counts;
}

async function escapes(plain: PlainCase, decide: Decide): Promise<boolean> {
  try {
    await judge(plain, decide);
    return false;
  } catch (error) {
    return error instanceof Escape;
  }
}

const reasonOf = ({ errorInstance }: { errorInstance?: unknown }): string =>
  errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
