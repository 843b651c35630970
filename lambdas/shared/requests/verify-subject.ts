import type { Subject } from '../domain/access-request.ts';
import type { TokenVerdict } from '../domain/identity/token-verdict.ts';
import type { Principal } from '../domain/principal.ts';
import type { Call } from '../http/operation.ts';
import { Problem } from '../http/problems.ts';

export type SubjectTokens = {
  /** Verifies a subject token against the issuers, and their audiences, that a principal may present. */
  verify(token: string, issuers: Principal['subjectIssuers']): Promise<TokenVerdict>;
};

/**
 * On whose behalf a call is: as the caller's own token says, or as the subject token that it brings; undefined where
 * there is neither. Both at once are refused: which of the two users is meant would be a matter of luck.
 */
export async function subjectOfCall(
  { caller, actsFor }: Pick<Call, 'caller' | 'actsFor'>,
  subjectToken: string | undefined,
  subjectTokens: SubjectTokens,
): Promise<Subject | undefined> {
  if (subjectToken === undefined) return actsFor;
  if (actsFor) {
    throw new Problem(
      'subject_token_invalid',
      'Your own token names the user you act for: send no subject token besides.',
    );
  }
  return verifySubject(subjectToken, caller, subjectTokens);
}

/** The subject a token proves, by the issuers its presenter may use. The token itself goes no further. */
async function verifySubject(
  token: string,
  caller: Principal,
  subjectTokens: SubjectTokens,
): Promise<Subject> {
  const verdict = await subjectTokens.verify(token, caller.subjectIssuers);
  if (verdict.outcome === 'verified') return verdict.subject;
  if (verdict.outcome === 'unavailable') {
    throw new Problem('subject_keys_unavailable', `Try again shortly: ${verdict.because}.`, {
      retryAfterSeconds: 5,
    });
  }
  throw new Problem('subject_token_invalid', `Send a fresh token of the signed-in user: ${verdict.because}.`);
}
