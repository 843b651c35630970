import type { SessionClaims } from '../come-in/placeholder-keys.ts';

const xml = (text: string) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);

/** The role that callers of the gateway seem to have: it is none of AWS's. */
const ROLE = 'postern-gateway';

export const identityOf = ({ accountId, principalId, sessionId }: SessionClaims) => ({
  Account: accountId,
  Arn: `arn:aws:sts::${accountId}:assumed-role/${ROLE}/${principalId}`,
  UserId: `${sessionId}:${principalId}`,
});

/** GetCallerIdentity, answered by the gateway: who calls is whom the placeholder keys stand for. */
export function answerIdentity(claims: SessionClaims, requestId: string): Buffer {
  const { Account, Arn, UserId } = identityOf(claims);
  return xml(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${Arn}</Arn><UserId>${UserId}</UserId><Account>${Account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}
