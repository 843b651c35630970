import { createHash } from 'node:crypto';
import * as z from 'zod';
import { digestOf } from '../domain/digest.ts';

/** What API Gateway says of the verified signature. */
const signedContextSchema = z.object({ identity: z.object({ accessKey: z.string().min(1) }) });

type SignedCall = {
  readonly requestContext: unknown;
  readonly method: string;
  readonly url: URL;
  /** The header that says when the call was signed: SigV4 signs it. */
  readonly signedAt: string | undefined;
  readonly body: ArrayBuffer;
};

/**
 * Digest of a signed call, equal for the same call sent again, and another for one that was signed anew a second
 * later. It stands for the signature, which API Gateway may keep from its functions (docs/adr/0020). Undefined where the
 * call does not say in a header when it was signed, as a presigned URL does not.
 */
export function signingDigestOf({ requestContext, method, url, signedAt, body }: SignedCall) {
  const signed = signedContextSchema.safeParse(requestContext);
  if (!signed.success || !signedAt) return undefined;
  return digestOf({
    accessKey: signed.data.identity.accessKey,
    signedAt,
    method,
    path: url.pathname,
    query: [...url.searchParams].map((pair) => pair.join('=')).sort(),
    body: createHash('sha256').update(new Uint8Array(body)).digest('hex'),
  });
}
