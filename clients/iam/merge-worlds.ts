import { type CheckedPolicy, inOrder } from '../../policy/check/check-policy.ts';
import type { Finding } from '../../policy/check/finding.ts';
import type { Worlds } from './inputs/named-policy.ts';

/** What was found of one policy in some of a template's deployments; in all, where `worlds` is absent. */
export type CheckedVariant = {
  readonly checked: CheckedPolicy;
  readonly worlds?: Worlds | undefined;
};

const told = ({ id, detail }: Finding): string => `${id} ${detail}`;

/**
 * A policy that differs from deployment to deployment is one policy all the same: it has every finding of any, and says
 * which deployment shows it where not all do. Its score is the worst.
 */
export function mergeWorlds(variants: readonly CheckedVariant[]): CheckedPolicy[] {
  const byName = new Map<string, CheckedVariant[]>();
  for (const variant of variants)
    byName.set(variant.checked.name, [...(byName.get(variant.checked.name) ?? []), variant]);
  return variants
    .filter(({ checked, worlds }, nth) => worlds === undefined || isFirst(variants, checked.name, nth))
    .map((variant) => {
      const all = byName.get(variant.checked.name) ?? [];
      return variant.worlds === undefined || all.length === 1 ? variant.checked : merged(all);
    });
}

const isFirst = (variants: readonly CheckedVariant[], name: string, nth: number): boolean =>
  variants.findIndex(({ checked }) => checked.name === name) === nth;

function merged(variants: readonly CheckedVariant[]): CheckedPolicy {
  const findings = new Map<string, { finding: Finding; count: number; world: string }>();
  for (const { checked, worlds } of variants) {
    // The same may be found twice in one.
    for (const [key, finding] of new Map(checked.findings.map((entry) => [told(entry), entry]))) {
      const before = findings.get(key) ?? { finding, count: 0, world: worlds?.there[0] ?? '' };
      findings.set(key, { ...before, count: before.count + 1 });
    }
  }
  const scores = variants.map(({ checked: { score } }) => score);
  const { name, type } = (variants[0] as CheckedVariant).checked;
  return {
    ...{ name, type, isRead: variants.every(({ checked }) => checked.isRead) },
    findings: inOrder(
      [...findings.values()].map(({ finding, count, world }) =>
        count === variants.length ? finding : { ...finding, detail: `${finding.detail} Where ${world}.` },
      ),
    ),
    ...(!scores.includes(undefined) && { score: Math.min(...scores.map((score = 0) => score)) }),
  };
}
