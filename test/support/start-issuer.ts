import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';

type Claims = Record<string, unknown>;
type SignOptions = { key?: CryptoKey | Uint8Array; header?: Partial<JWTHeaderParameters> };

/** An OIDC issuer on this machine: what it serves, by path, a test may change; what is fetched of it, it can read. */
export async function startIssuer(clock: () => Date = () => new Date()) {
  const keys = await generateKeyPair('ES256', { extractable: true });
  const fetched: string[] = [];
  const documents: Record<string, unknown> = {};
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    fetched.push(path);
    const document = documents[path];
    if (document === 'silent') return;
    response.writeHead(document === undefined ? 404 : document === 'broken' ? 500 : 200);
    response.end(typeof document === 'string' ? document : JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publish = async (key: CryptoKey, kid = 'k1') => ({
    ...(await exportJWK(key)),
    kid,
    alg: 'ES256',
    use: 'sig',
  });
  documents['/.well-known/openid-configuration'] = { issuer: url, jwks_uri: `${url}/keys` };
  documents['/keys'] = { keys: [await publish(keys.publicKey)] };

  return {
    url,
    keys,
    documents,
    fetched,
    publish,
    /** A token that lasts a minute; what a claim is set to undefined, it lacks. */
    sign(claims: Claims = {}, { key = keys.privateKey, header = {} }: SignOptions = {}): Promise<string> {
      const seconds = Math.floor(clock().getTime() / 1000);
      const all = { iss: url, sub: 'user_1', iat: seconds, exp: seconds + 60, ...claims };
      return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
