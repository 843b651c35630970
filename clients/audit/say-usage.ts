import type { UsageReport } from './usage-report.ts';

/** The report as lines for people. */
export function sayUsage({
  sessions,
  unusedSessions,
  deniedCalls,
  grants,
  suggestions,
}: UsageReport): string[] {
  const width = Math.max(0, ...grants.map(({ principalId }) => principalId.length));
  return [
    `${sessions} sessions, ${unusedSessions} of them never used; ${deniedCalls} calls denied by IAM`,
    ...grants.map(
      ({ principalId, resource, action, granted, used, calls }) =>
        `${principalId.padEnd(width)}  ${action} on ${resource}: granted to ${granted}, used by ${used} (${calls} calls)`,
    ),
    ...(suggestions.length > 0
      ? ['', 'Could be tighter:', ...suggestions.map((suggestion) => `  ${suggestion}`)]
      : []),
  ];
}
