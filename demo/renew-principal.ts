import type { Principal } from '../lambdas/shared/domain/principal.ts';

/** Where an earlier run of the sandbox had its issuer: the same path, on whatever port it had. */
const ISSUER = /^http:\/\/127\.0\.0\.1:\d+\/issuer$/;

/**
 * A principal of the demo as found, with its issuer's present address and its Slack user: only where it is reached
 * is brought up to date. Undefined where it has both.
 */
export function renewPrincipal(found: Principal, seeded: Principal): Principal | undefined {
  const [present] = seeded.subjectIssuers;
  const { slackUserId } = seeded;
  const isStale = ({ issuer }: { issuer: string }) => ISSUER.test(issuer) && issuer !== present?.issuer;
  const hasMoved = slackUserId !== undefined && slackUserId !== found.slackUserId;
  if (!(present && found.subjectIssuers.some(isStale)) && !hasMoved) return undefined;
  return {
    ...found,
    ...(slackUserId && { slackUserId }),
    subjectIssuers: found.subjectIssuers.map((one) =>
      present && isStale(one) ? { ...one, issuer: present.issuer } : one,
    ),
  };
}
