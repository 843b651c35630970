/**
 * Claims that a user, or whoever opens a pull request, can write: anybody could make them say what somebody else's
 * do. Those of profiles are OpenID Connect's own; the others are known of their issuers.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims
 * @see https://learn.microsoft.com/entra/identity-platform/claims-validation#validate-the-subject
 */
const WRITABLE = new Set([
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'email',
  'email_verified',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'phone_number',
  'phone_number_verified',
  'address',
  'updated_at',
  'upn',
  'unique_name',
  'verified_primary_email',
  'user_metadata',
  'head_ref',
  'actor',
]);

/** Cognito's own attributes, which an app client may write unless it is told not to. */
const COGNITO_CUSTOM = /^(dev:)?custom:/;

/** Claims about the token and how it was got, not about whose it is. */
const ABOUT_THE_TOKEN = new Set([
  'iss',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'nonce',
  'act',
  'cnf',
  'acr',
  'amr',
  'auth_time',
  'scope',
  'at_hash',
  'c_hash',
  'sid',
  'token_use',
]);

const CLAIM_NAME = /^[\w.:/-]{1,128}$/;

/** Why nobody may be known by this claim; undefined where an issuer may say that it sets it by itself. */
export function problemOfClaim(claim: string): string | undefined {
  if (!CLAIM_NAME.test(claim)) return 'is not the name of a claim';
  if (WRITABLE.has(claim) || COGNITO_CUSTOM.test(claim)) return 'is a claim that users can write';
  if (ABOUT_THE_TOKEN.has(claim)) return 'is a claim about the token, not about whose it is';
  return undefined;
}
