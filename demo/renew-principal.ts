import type { Principal } from '../lambdas/shared/domain/principal.ts';

/** Where an earlier run of the sandbox had its issuer: the same path, on whatever port it had. */
const ISSUER = /^http:\/\/(127\.0\.0\.1|localhost):\d+\/issuer$/;

/**
 * A principal of the demo as found, with its issuer's present address and its Slack user: only where it is reached
 * is brought up to date. One that no change was made to also gets ways to sign in that it was seeded without.
 * Undefined where there is nothing to renew.
 */
export function renewPrincipal(found: Principal, seeded: Principal): Principal | undefined {
  const [present] = seeded.subjectIssuers;
  const { slackUserId, signIn } = seeded;
  const presentIssuer = signIn?.[0]?.issuer ?? present?.issuer;
  const isStale = ({ issuer }: { issuer: string }) => ISSUER.test(issuer) && issuer !== presentIssuer;
  const hasMoved = slackUserId !== undefined && slackUserId !== found.slackUserId;
  const isWithout = found.version === 1 && !found.signIn && signIn !== undefined;
  const renewedSignIn = isWithout
    ? signIn
    : found.signIn?.map((entry) =>
        presentIssuer && isStale(entry) ? { ...entry, issuer: presentIssuer } : entry,
      );
  const stale = [...found.subjectIssuers, ...(found.signIn ?? [])].some(isStale);
  if (!(presentIssuer && stale) && !hasMoved && !isWithout) return undefined;
  return {
    ...found,
    ...(renewedSignIn && { signIn: renewedSignIn }),
    ...(slackUserId && { slackUserId }),
    subjectIssuers: found.subjectIssuers.map((entry) =>
      presentIssuer && isStale(entry) ? { ...entry, issuer: presentIssuer } : entry,
    ),
  };
}
