import type { JsonNode } from '../parse/json-node.ts';
import { parseNode } from '../parse/parse-policy.ts';
import type { Refusal } from '../parse/parse-result.ts';
import type { Policy, PolicyType } from '../parse/policy-model.ts';
import { scanJson } from '../parse/scan-json.ts';
import { scorePolicies } from '../score/score-policies.ts';
import { CHECKS, FORM_CHECKS } from './all-checks.ts';
import type { Check, Holder, Subject, Surroundings } from './check.ts';
import { findPaths } from './escalation/find-paths.ts';
import { findingsOfPaths } from './escalation/findings-of-paths.ts';
import { type Finding, type Hit, SEVERITIES } from './finding.ts';

/** A policy to be checked: as text, or as JSON that was read already, which has no lines and columns. */
export type PolicyInput = {
  /** A file, or a resource of a template. */
  readonly name: string;
  readonly type: PolicyType;
  readonly holder?: Holder;
} & ({ readonly text: string } | { readonly root: JsonNode });

export type CheckedPolicy = {
  readonly name: string;
  readonly type: PolicyType;
  /** The worst first, then as they stand in the policy. */
  readonly findings: readonly Finding[];
  /** False where the policy cannot be read: then only its form was looked at. */
  readonly isRead: boolean;
  /** From 0, the worst, to 100; absent where the policy cannot be read, or it cannot be decided. */
  readonly score?: number;
  readonly policy?: Policy;
};

/** A finding before it is told, with the change that would take it away. */
export type RawFinding = { readonly check: Omit<Check, 'run'>; readonly hit: Hit };

/**
 * Checks one policy, as if its holder had no other. Without `escalation`, where its holder's policies are asked about
 * together.
 */
export function checkPolicy(
  input: PolicyInput,
  around: Surroundings,
  { escalation = true }: { readonly escalation?: boolean } = {},
): CheckedPolicy {
  const { name, type } = input;
  const scanned = 'text' in input ? scanJson(input.text) : ({ ok: true, node: input.root } as const);
  if (!scanned.ok) return unread(input, [{ code: scanned.code, path: '', position: scanned.position }]);
  const parsed = parseNode(scanned.node, type);
  if (!parsed.ok) return unread(input, parsed.refusals);
  const { policy } = parsed;
  const subject: Subject = { name, policy, root: scanned.node, holder: input.holder ?? 'managed', around };
  const own = rawFindings(subject).map(({ check, hit }) => findingOf(name, check, hit));
  const layers = layersOf([policy], around);
  const paths = escalation && type === 'identity' ? findPaths(layers, around) : [];
  const score = escalation ? scorePolicies(layers, type) : undefined;
  return {
    ...{ name, type, policy, isRead: true },
    findings: inOrder([...own, ...findingsOfPaths(name, paths, policy)]),
    ...(score !== undefined && { score }),
  };
}

/**
 * What the identity policies of one principal make together: the escalations that none of them makes alone, and the
 * score of all.
 */
export function checkPrincipal(
  name: string,
  checked: readonly CheckedPolicy[],
  around: Surroundings,
): CheckedPolicy {
  const policies = checked.flatMap(({ policy }) => policy ?? []);
  const alone = new Set(checked.flatMap(({ findings }) => findings.map(({ id }) => id)));
  const layers = layersOf(policies, around);
  const paths = findPaths(layers, around).filter(({ path }) => !alone.has(path.id));
  const score = scorePolicies(layers, 'identity');
  return {
    ...{ name, type: 'identity', isRead: policies.length === checked.length },
    findings: inOrder(findingsOfPaths(name, paths)),
    ...(score !== undefined && { score }),
  };
}

/** What every check but those of escalation finds. */
export const rawFindings = (subject: Subject): RawFinding[] =>
  CHECKS.filter(({ types }) => types?.includes(subject.policy.type) ?? true).flatMap((check) =>
    [...check.run(subject)].map((hit) => ({ check, hit })),
  );

/** Policies as they combine: identity policies are limited by boundaries and service control policies. */
export const layersOf = (
  policies: readonly Policy[],
  { limits = [] }: Surroundings,
): (readonly Policy[])[] => (policies[0]?.type === 'identity' ? [policies, ...limits] : [policies]);

export function findingOf(policy: string, check: Omit<Check, 'run'>, { fix: _, ...hit }: Hit): Finding {
  const { id, severity, title, why, remedy } = check;
  return { id, severity, title, why, remedy, policy, ...hit };
}

function unread({ name, type }: PolicyInput, refusals: readonly Refusal[]): CheckedPolicy {
  const findings = refusals.map((refusal): Finding => {
    const check = FORM_CHECKS.find((first) => first.takes(refusal, type));
    if (!check) throw new Error(`no check tells of ${refusal.code} at ${refusal.path}`);
    const { id, severity, title, why, remedy } = check;
    const { path, position } = refusal;
    return {
      ...{ id, severity, title, why, remedy, policy: name, path },
      ...(position && { position }),
      detail: check.tell(refusal),
    };
  });
  return { name, type, findings: inOrder(findings), isRead: false };
}

/** The worst first, then as they stand in the policy. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const placeOf = ({ position }: Finding) => (position ? position.line * 10_000 + position.column : 0);
  return [...findings].sort(
    (first, other) =>
      SEVERITIES.indexOf(first.severity) - SEVERITIES.indexOf(other.severity) ||
      placeOf(first) - placeOf(other) ||
      (first.id < other.id ? -1 : first.id > other.id ? 1 : 0),
  );
}
