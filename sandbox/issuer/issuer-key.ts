import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** The key of an issuer: as its key set publishes it, and to sign tokens that last five minutes. */
export async function makeIssuerKey(issuer: () => string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    publicKey,
    published: { ...(await exportJWK(publicKey)), kid: 'demo', alg: 'ES256', use: 'sig' },
    sign: (claims: JWTPayload, typ?: string): Promise<string> =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'demo', ...(typ && { typ }) })
        .setIssuer(issuer())
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
  };
}
