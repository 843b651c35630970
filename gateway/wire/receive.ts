import { AwsError } from './aws-error.ts';
import type { ReceivedRequest } from './read-claim.ts';

/** Bytes; DynamoDB's own bound on a batch. */
const MOST_BODY_BYTES = 16 * 1024 * 1024;

const tooLarge = () => new AwsError('RequestEntityTooLarge', 'The body is too large.', 413);

/** A request with its body, which is read no further than a body may be. Throws RequestEntityTooLarge. */
export async function receive(request: Request): Promise<ReceivedRequest> {
  const { method, headers } = request;
  return { method, url: new URL(request.url), headers, body: await bodyOf(request) };
}

async function bodyOf(request: Request): Promise<Uint8Array> {
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > MOST_BODY_BYTES) throw tooLarge();
    return new Uint8Array(await request.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
