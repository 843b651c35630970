import type { Call } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import type { OpeningPorts } from '../shared/requests/open-request.ts';

type Ports = Pick<OpeningPorts, 'idempotency' | 'newUlid'>;

const SIGN_ANEW =
  'Sign the call anew, in headers; or bring a "recipientKey", so that only you can open the answer.';

/**
 * Refuses a signed call that was sent before. It is remembered for a day; SigV4 takes a signature for five minutes
 * about its date. A call with a token is not held to that: whoever overheard it has the token, and asks for themselves.
 * Throws the problem `signature_used`.
 */
export async function useSignatureOnce({ signingDigest, tokenOf }: Call, ports: Ports): Promise<void> {
  if (tokenOf) return;
  if (signingDigest === undefined) throw new Problem('signature_used', SIGN_ANEW);
  const use = { requestId: ports.newUlid(), bodyDigest: signingDigest };
  const first = await ports.idempotency.remember(`signed#${signingDigest}`, use);
  if (first.requestId !== use.requestId) throw new Problem('signature_used', SIGN_ANEW);
}
