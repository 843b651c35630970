import type { Finding } from '../../../policy/check/finding.ts';
import type { CheckReport } from '../check-inputs.ts';

/** The report as plain data: what `--format json` and the MCP tool answer. */
export const plainReport = ({ policies, unread }: CheckReport) => ({
  policies: policies.map(({ name, type, isRead, score, findings }) => ({
    name,
    type,
    isRead,
    ...(score !== undefined && { score }),
    findings: findings.map(
      ({ id, severity, title, why, remedy, path, position, detail, request }: Finding) => ({
        ...{ id, severity, title, detail, path },
        ...(position && { position }),
        ...{ why, remedy },
        ...(request && { request }),
      }),
    ),
  })),
  unread,
});
