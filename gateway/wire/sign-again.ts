import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { PRESIGNED, type ReceivedRequest, type SignatureClaim } from './read-claim.ts';
import type { SigningCredential } from './signing-credential.ts';

const OF_SIGNATURE = new Set<string>(Object.values(PRESIGNED));

/** The signature that a request would have if this credential had signed it as the claim says. */
export async function signAgain(
  { method, url, headers, body }: ReceivedRequest,
  { region, service, signedAt, signedHeaders, expiresInSeconds, sessionToken }: SignatureClaim,
  { accessKeyId, secretAccessKey }: Pick<SigningCredential<unknown>, 'accessKeyId' | 'secretAccessKey'>,
): Promise<string> {
  const isPresigned = expiresInSeconds !== undefined;
  const signer = new SignatureV4({
    credentials: {
      accessKeyId,
      secretAccessKey,
      // A token in the header is among the signed headers, where it was; the signer is not to add it.
      ...(isPresigned && sessionToken !== undefined && { sessionToken }),
    },
    region,
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
  const names = new Set(signedHeaders);
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: queryOf(url.searchParams, isPresigned),
    headers: Object.fromEntries(signedHeaders.map((name) => [name, headers.get(name) ?? ''])),
    body,
  };
  const options = { signingDate: signedAt, signableHeaders: names };
  if (isPresigned) {
    const { query } = await signer.presign(request, {
      ...options,
      expiresIn: expiresInSeconds,
      unhoistableHeaders: names,
    });
    return String(query?.[PRESIGNED.signature]);
  }
  const signed = await signer.sign(request, options);
  return /Signature=([0-9a-f]{64})/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
}

/** The query as the signer takes it; of a presigned URL without what the signer puts in itself. */
function queryOf(parameters: URLSearchParams, isPresigned: boolean): Record<string, string[]> {
  const names = [...new Set(parameters.keys())].filter((name) => !(isPresigned && OF_SIGNATURE.has(name)));
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
}
