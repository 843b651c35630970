import { nodeOfValue } from '../parse/node-of-value.ts';
import { parseNode } from '../parse/parse-policy.ts';
import { scanJson } from '../parse/scan-json.ts';
import { makeReference, prove } from '../prove/prove.ts';
import type { Subject, Surroundings } from './check.ts';
import { type PolicyInput, type RawFinding, rawFindings } from './check-policy.ts';
import type { PolicyDocument } from './finding.ts';
import { jsonValueOf } from './json-members.ts';

/** Fixes of one policy, one after the other; each looks at what the one before left. */
const MOST_FIXES = 100;

export type AppliedFix = { readonly id: string; readonly detail: string };

export type FixedPolicy = {
  readonly document: PolicyDocument;
  /** In the order in which they were made. */
  readonly applied: readonly AppliedFix[];
};

/**
 * The policy with all that can be mended safely: each change is parsed, takes its finding away, brings no other, and is
 * proved to be within what there was, so that nobody is allowed more. Undefined where the policy cannot be read.
 */
export function fixPolicy(input: PolicyInput, around: Surroundings): FixedPolicy | undefined {
  let subject = subjectOf(input, around);
  if (!subject) return undefined;
  const applied: AppliedFix[] = [];
  while (applied.length < MOST_FIXES) {
    const next = nextFix(subject, input, around);
    if (!next) break;
    applied.push({ id: next.finding.check.id, detail: next.finding.hit.detail });
    subject = next.subject;
  }
  // Version stands first, as everybody writes it.
  const { Version, ...rest } = documentOf(subject);
  const document = { ...(Version !== undefined && { Version }), ...rest };
  return { document, applied };
}

function subjectOf(input: PolicyInput, around: Surroundings): Subject | undefined {
  const scanned = 'text' in input ? scanJson(input.text) : ({ ok: true, node: input.root } as const);
  if (!scanned.ok) return undefined;
  const parsed = parseNode(scanned.node, input.type);
  if (!parsed.ok) return undefined;
  const { name, holder = 'managed' } = input;
  return { name, policy: parsed.policy, root: scanned.node, holder, around };
}

/** A document of its own, its statements in a list. */
function documentOf({ root }: Subject): PolicyDocument {
  const written = jsonValueOf(root) as Record<string, unknown>;
  return { ...written, Statement: [written.Statement].flat() as PolicyDocument['Statement'] };
}

const countOf = (findings: readonly RawFinding[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { check } of findings) counts.set(check.id, (counts.get(check.id) ?? 0) + 1);
  return counts;
};

function nextFix(
  before: Subject,
  input: PolicyInput,
  around: Surroundings,
): { finding: RawFinding; subject: Subject } | undefined {
  const findings = rawFindings(before);
  const counts = countOf(findings);
  for (const finding of findings) {
    const { fix } = finding.hit;
    if (!fix) continue;
    const document = documentOf(before);
    fix(document);
    if (document.Statement.length === 0) continue;
    const { name, type, holder } = input;
    const after = subjectOf({ name, type, ...(holder && { holder }), root: nodeOfValue(document) }, around);
    if (after && isBetter(counts, countOf(rawFindings(after)), finding) && isWithin(after, before))
      return { finding, subject: after };
  }
  return undefined;
}

/** Whether the finding is gone, and no check finds more than before. */
function isBetter(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  { check }: RawFinding,
): boolean {
  if ((after.get(check.id) ?? 0) >= (before.get(check.id) ?? 0)) return false;
  return [...after].every(([id, count]) => count <= (before.get(id) ?? 0));
}

const isWithin = (after: Subject, before: Subject): boolean =>
  prove([[after.policy]], makeReference([[before.policy]])).verdict === 'within';
