import * as z from 'zod';
import type { SignedIn, SignInAnswer } from '../domain/identity/sign-in/signed-in.ts';
import { Problem } from './problems.ts';

/** What API Gateway says of where a call came in, at a door for tokens. */
const tokenContextSchema = z.object({
  domainName: z.string().min(1),
  http: z.object({ method: z.string(), path: z.string().startsWith('/') }),
});

/** How a caller that has a key of its own proves that it holds it. */
export type CheckProof = (proof: {
  readonly proof: string;
  readonly token: string;
  readonly thumbprint: string;
  readonly method: string;
  /** Where the call came in: host and path. */
  readonly place: string;
}) => Promise<'proved' | 'refused' | 'used'>;

/** What a function needs that takes tokens. */
export type TokenPorts = {
  signIn(token: string, purpose: 'signIn'): Promise<SignInAnswer>;
  readonly checkProof: CheckProof;
};

/** What of a call says who calls. */
export type Carried = {
  readonly requestContext: unknown;
  readonly url: URL;
  header(name: string): string | undefined;
};

/** One token. Two in one header, as API Gateway joins them, are none. */
const ONE_TOKEN = /^(?<scheme>Bearer|DPoP) (?<token>[\w-]+\.[\w-]+\.[\w-]*)$/i;
/** Of a signature: headers and parameters that nothing else has. */
const SIGNED_HEADERS = ['x-amz-date', 'x-amz-security-token'];
const SIGNED_PARAMETER = /^x-amz-(signature|credential|security-token)$/i;
/** Of a gateway, which signs: whom it calls for. */
const GATEWAY_HEADERS = ['x-postern-delegation', 'x-web-identity-token'];

const NEVER_BOTH = 'Bring a token or sign the call, never both.';
const NOT_FOR_ANOTHER = 'Bring your own token alone: only a gateway, which signs, calls for somebody else.';
const FRESH = 'Send Authorization: Bearer, and one fresh token of an issuer that the broker lists';

const refused = (because: string) => new Problem('token_refused', `${FRESH}: ${because}.`);

/** Whether a call came in at a door for tokens: so API Gateway's payload 2.0 says, which no caller writes. */
export const isAtTokenDoor = (requestContext: unknown): boolean =>
  tokenContextSchema.safeParse(requestContext).success;

export const bringsSignature = ({ url, header }: Carried): boolean =>
  SIGNED_HEADERS.some((name) => header(name) !== undefined) ||
  [...url.searchParams.keys()].some((name) => SIGNED_PARAMETER.test(name));

/** Whether a call that is known by its signature brings a token as well. */
export function refuseTokenBeside({ header }: Carried): void {
  if (/^(bearer|dpop) /i.test(header('authorization') ?? '') || header('dpop') !== undefined)
    throw new Problem('signature_refused', NEVER_BOTH);
}

/**
 * Who brings this token, by its issuer's keys. Throws the Problem that says why nobody does: a token that is of two
 * principals is of none.
 */
export async function identifyByToken(carried: Carried, tokens: TokenPorts): Promise<SignedIn> {
  const authorization = carried.header('authorization');
  if (authorization === undefined) throw refused('there is none');
  const { scheme = '', token } = ONE_TOKEN.exec(authorization)?.groups ?? {};
  if (token === undefined) throw refused('there is not one');
  if (bringsSignature(carried)) throw new Problem('token_refused', NEVER_BOTH);
  // Which of the two a call is of would otherwise hang on the door that it came in at.
  if (GATEWAY_HEADERS.some((name) => carried.header(name) !== undefined))
    throw new Problem('token_refused', NOT_FOR_ANOTHER);
  const answer = await tokens.signIn(token, 'signIn');
  if (answer.outcome === 'unavailable') {
    throw new Problem('token_keys_unavailable', `Try again shortly: ${answer.because}.`, {
      retryAfterSeconds: 5,
    });
  }
  if (answer.outcome === 'unknown') {
    throw new Problem('principal_unknown', 'Ask an administrator to register how you sign in: "signIn".');
  }
  if (answer.outcome !== 'known') throw refused(answer.because);
  await checkBinding(carried, token, scheme, answer, tokens);
  return answer;
}

/**
 * A token that is bound to a key is worth nothing without proof of the key; one that is not cannot be made to look so.
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7
 */
async function checkBinding(
  { requestContext, header }: Carried,
  token: string,
  scheme: string,
  { boundTo }: SignedIn,
  { checkProof }: TokenPorts,
): Promise<void> {
  const proof = header('dpop');
  if (boundTo === undefined) {
    if (scheme.toLowerCase() === 'dpop') throw refused('it is bound to no key');
    return;
  }
  if (proof === undefined) throw refused('it is bound to a key, and no DPoP proof of that is sent');
  const { domainName, http } = tokenContextSchema.parse(requestContext);
  const place = `${domainName}${http.path}`;
  const proved = await checkProof({ proof, token, thumbprint: boundTo, method: http.method, place });
  if (proved === 'used') throw refused('its DPoP proof was sent before');
  if (proved !== 'proved') throw refused('its DPoP proof is of another key, call or time');
}
