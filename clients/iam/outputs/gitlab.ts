import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Severity } from '../../../policy/check/finding.ts';
import type { CheckReport } from '../check-inputs.ts';
import { fingerprintOf } from './fingerprint.ts';

const SEVERITIES: Record<Severity, string> = {
  critical: 'blocker',
  error: 'critical',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  note: 'info',
};

/**
 * The report as GitLab takes code quality. Equal findings are numbered: it wants fingerprints to be unique.
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function gitlabOf({ policies }: CheckReport): object[] {
  const seen = new Map<string, number>();
  return policies
    .flatMap(({ findings }) => findings)
    .map((finding) => {
      const fingerprint = fingerprintOf(finding);
      const times = seen.get(fingerprint) ?? 0;
      seen.set(fingerprint, times + 1);
      return {
        description: visibleText(`${finding.id} ${finding.title}: ${finding.detail}`),
        check_name: finding.id,
        fingerprint: times === 0 ? fingerprint : `${fingerprint}-${times}`,
        severity: SEVERITIES[finding.severity],
        location: {
          path: visibleText(finding.policy.split('#')[0] ?? finding.policy),
          lines: { begin: finding.position?.line ?? 1 },
        },
      };
    });
}
