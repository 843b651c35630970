import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { Assertion } from '../domain/approvals/assertion.ts';
import { challengeOf, type Passkey, type Pressed } from '../domain/approvals/passkey.ts';
import type { PasskeyPlace } from '../domain/approvals/passkey-place.ts';
import type { Discount } from '../domain/approvals/vote-refusals.ts';

export type Proof =
  | { readonly proved: true; readonly passkey: Passkey; readonly counter: number }
  | { readonly proved: false; readonly because: Extract<Discount, 'passkey_unknown' | 'passkey_refused'> };

const refused = (because: 'passkey_unknown' | 'passkey_refused'): Proof => ({ proved: false, because });

/**
 * Whether an assertion proves this very press: by a passkey of the voter's, at the console, the person verified, over all
 * that was decided. Where passkeys have no place (none is configured) nothing is proved. The counter is the caller's to
 * judge: it alone knows the last.
 */
export async function verifyAssertion(
  assertion: Assertion,
  pressed: Pressed,
  passkeys: readonly Passkey[] | undefined,
  place: PasskeyPlace | undefined,
): Promise<Proof> {
  const { credentialId: id, nonce, clientDataJSON, authenticatorData, signature } = assertion;
  const passkey = passkeys?.find((key) => key.id === id);
  if (!passkey) return refused('passkey_unknown');
  if (!place) return refused('passkey_refused');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challengeOf(pressed, nonce),
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      // 0: a counter that goes backwards is judged apart.
      credential: { id, publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')), counter: 0 },
      requireUserVerification: true,
    });
    if (!verified || !authenticationInfo.userVerified) return refused('passkey_refused');
    return { proved: true, passkey, counter: authenticationInfo.newCounter };
  } catch {
    // Whatever is wrong with it: it is not from a voter's browser, or not for this.
    return refused('passkey_refused');
  }
}
