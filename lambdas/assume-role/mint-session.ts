import { DependencyUnavailable, SessionPolicyTooLarge } from '../shared/domain/errors.ts';
import { tagOfSubject } from '../shared/domain/identity/subject-forms.ts';
import { tagOfReferences } from '../shared/domain/outside/references.ts';
import { sessionNameOf } from '../shared/domain/revocation/session-names.ts';
import type { SessionAnswer, SessionRequest } from '../shared/domain/session.ts';
import { type Attempt, type AttemptPorts, releaseAttempt } from './attempt.ts';

export type MintPorts = Pick<AttemptPorts, 'requests'> & {
  readonly sessions: { mint(request: SessionRequest): Promise<SessionAnswer> };
};
export type MintedSession = Extract<SessionAnswer, { kind: 'minted' }>;

/**
 * Asks STS for the session, once. Where STS says no, the attempt is given back, and SessionPolicyTooLarge or
 * DependencyUnavailable is thrown; where its answer is lost, the attempt stays taken.
 */
export async function mintSession(attempt: Attempt, ports: MintPorts): Promise<MintedSession> {
  const { row, entitlement } = attempt;
  const { requestId, principalId, subject, references } = row;
  const answer = await ports.sessions.mint({
    roleArn: entitlement.roleArn,
    sessionName: sessionNameOf(requestId),
    sourceIdentity: principalId,
    sessionPolicy: entitlement.sessionPolicy,
    durationSeconds: entitlement.durationSeconds,
    tags: {
      'postern:request-id': requestId,
      'postern:principal': principalId,
      ...(subject && { 'postern:subject': tagOfSubject(subject.id) }),
      ...(references && { 'postern:references': tagOfReferences(references) }),
    },
  });
  if (answer.kind === 'minted') return answer;
  await releaseAttempt(attempt, ports);
  if (answer.kind === 'too_large')
    throw new SessionPolicyTooLarge(`STS: ${answer.code}; ask for less at once`);
  throw new DependencyUnavailable(`STS: ${answer.code}`);
}
