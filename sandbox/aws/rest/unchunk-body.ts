import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { ReceivedRequest } from '../../../gateway/wire/read-claim.ts';

const malformed = () =>
  new AwsError('InvalidRequest', 'The body is not the chunks that its headers say.', 400);
const END = Buffer.from('\r\n');

/** The content of a body in chunks of `size CRLF data CRLF`, the last of them empty; headers may follow it. */
function contentOf(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let start = 0;
  for (;;) {
    const end = body.indexOf(END, start);
    const head = end < 0 ? '' : body.toString('latin1', start, end);
    if (!/^[0-9a-f]{1,8}$/i.test(head)) throw malformed();
    const size = Number.parseInt(head, 16);
    const from = end + END.length;
    if (size === 0) return Buffer.concat(chunks);
    if (body.length < from + size + END.length) throw malformed();
    chunks.push(body.subarray(from, from + size));
    start = from + size + END.length;
  }
}

/**
 * A request as its body was before the client cut it in chunks, which SDKs do with what streams. Throws InvalidRequest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function unchunkBody(request: ReceivedRequest): ReceivedRequest {
  if (request.headers.get('x-amz-content-sha256') !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return request;
  return { ...request, body: contentOf(Buffer.from(request.body)) };
}
