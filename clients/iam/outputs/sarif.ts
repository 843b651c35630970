import type { CheckedPolicy } from '../../../policy/check/check-policy.ts';
import type { Finding, Severity } from '../../../policy/check/finding.ts';
import type { CheckReport } from '../check-inputs.ts';
import { sarifText } from './escape-text.ts';
import { fingerprintOf } from './fingerprint.ts';

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  error: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  note: 'note',
};
/** As GitHub ranks findings of security. */
const SECURITY: Record<Severity, string> = {
  critical: '9.5',
  error: '7.5',
  high: '8.0',
  medium: '5.0',
  low: '2.0',
  note: '0.5',
};

/** A file of a name that holds a part of a template. */
const fileOf = (name: string): string => name.split('#')[0] ?? name;

/**
 * The report as SARIF 2.1.0.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf({ policies, unread }: CheckReport): object {
  const findings = policies.flatMap((entry: CheckedPolicy) => entry.findings);
  const rules = new Map(findings.map((finding) => [finding.id, finding]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'postern iam check',
            rules: [...rules.values()].map(({ id, title, why, remedy, severity }) => ({
              id,
              name: id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              help: { text: remedy },
              defaultConfiguration: { level: LEVELS[severity] },
              properties: { 'security-severity': SECURITY[severity], tags: ['security', 'iam'] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: unread.map(({ file, detail }) => ({
              level: 'warning',
              message: { text: sarifText(`${file}: ${detail}`) },
            })),
          },
        ],
        results: findings.map(resultOf),
      },
    ],
  };
}

const resultOf = (finding: Finding): object => ({
  ruleId: finding.id,
  level: LEVELS[finding.severity],
  message: { text: sarifText(finding.detail) },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: encodeURI(fileOf(finding.policy)) },
        region: { startLine: finding.position?.line ?? 1, startColumn: finding.position?.column ?? 1 },
      },
      logicalLocations: [{ fullyQualifiedName: sarifText(`${finding.policy} ${finding.path}`.trim()) }],
    },
  ],
  partialFingerprints: { 'postern/v1': fingerprintOf(finding) },
});
