import { randomBytes } from 'node:crypto';
import type { Assertion } from '../shared/domain/approvals/assertion.ts';
import { challengeOf, type Pressed } from '../shared/domain/approvals/passkey.ts';
import type { PasskeyPlace } from '../shared/domain/approvals/passkey-place.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Call } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { checkStepUp, type StepUpPorts } from '../shared/votes/check-step-up.ts';
import type { Ballot } from '../shared/votes/store-vote.ts';
import { verifyAssertion } from '../shared/votes/verify-assertion.ts';
import type { NewVote } from './vote-specs.ts';

export type FactorPorts = StepUpPorts & {
  readonly once: {
    /** True for one caller alone, where this key is in use: from then on it is not. */
    take(key: string): Promise<boolean>;
  };
  /** Undefined where nobody votes with a passkey. */
  readonly passkeyPlace: () => PasskeyPlace | undefined;
};

/** What is decided, but for who decides it. */
type Decided = Omit<Pressed, 'principalId'>;

/** Seconds in which a challenge is to be answered. */
const CHALLENGE_SECONDS = 5 * 60;

/** INVARIANT: a nonce is its voter's and that press's, so that nobody takes another's from them. */
const nonceKey = (pressed: Pressed, nonce: string) => `passkey-nonce#${challengeOf(pressed, nonce)}`;

/** Opens a challenge over all that a vote decides. Throws the problem `no_passkey`. */
export async function openChallenge(
  decided: Decided,
  { id: principalId, passkeys = [] }: Principal,
  { once, passkeyPlace, clock }: FactorPorts,
) {
  const place = passkeyPlace();
  if (!place)
    throw new Problem('no_passkey', 'No console is configured for passkeys here: vote with a code.');
  if (passkeys.length === 0)
    throw new Problem('no_passkey', 'You have no passkey here yet: propose one, or vote with a code.');
  const pressed = { ...decided, principalId };
  const nonce = randomBytes(32).toString('base64url');
  await once.first(nonceKey(pressed, nonce), CHALLENGE_SECONDS);
  return {
    nonce,
    challenge: challengeOf(pressed, nonce),
    rpId: place.rpId,
    credentialIds: passkeys.map(({ id }) => id),
    tier: decided.tier,
    voter: principalId,
    expiresAt: new Date(clock().getTime() + CHALLENGE_SECONDS * 1000).toISOString(),
  };
}

/**
 * What proves a vote, once it is looked at: to tell its voter at once, and to spend the code or the challenge. Of a passkey
 * the tally looks again, and decides. Throws the problems `code_refused` and `passkey_refused`.
 */
export async function checkFactor(
  decided: Decided,
  { caller, body }: Pick<Call<unknown, NewVote>, 'caller' | 'body'>,
  ports: FactorPorts,
): Promise<Pick<Ballot, 'stepUp' | 'assertion'>> {
  const { requestId } = decided;
  if (body.assertion) {
    const refusal = await refusalOfPasskey(decided, body.assertion, caller, ports);
    if (refusal) throw new Problem('passkey_refused', refusal, { requestId });
    return { stepUp: true, assertion: body.assertion };
  }
  const checked = await checkStepUp(caller.id, body.code ?? '', ports);
  if (!checked.ok) throw new Problem('code_refused', checked.say, { requestId });
  return { stepUp: true };
}

/** Why a passkey's assertion is not taken, in words for its voter; undefined where it is. */
async function refusalOfPasskey(
  decided: Decided,
  assertion: Assertion,
  { id: principalId, passkeys }: Principal,
  { once, passkeyPlace }: FactorPorts,
): Promise<string | undefined> {
  const pressed = { ...decided, principalId };
  const proof = await verifyAssertion(assertion, pressed, passkeys, passkeyPlace());
  if (!proof.proved)
    return proof.because === 'passkey_unknown'
      ? 'This passkey is not one of yours here, or no longer.'
      : 'This passkey’s answer does not prove this vote. Look at the request again, and press again.';
  if (!(await once.take(nonceKey(pressed, assertion.nonce))))
    return 'This answer was sent before, or came too late. Press again.';
  return undefined;
}
