import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '../wire/aws-error.ts';

/**
 * Passes a body on and checks its digest. The last piece goes on only once the digest is right: whoever receives it
 * never has all of a body that was not signed.
 */
export function checkDigest(sha256: string): Transform {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  return new Transform({
    transform(piece: Buffer, _, done: TransformCallback) {
      hash.update(piece);
      const before = held;
      held = piece;
      done(null, before);
    },
    flush(done: TransformCallback) {
      if (hash.digest('hex') !== sha256) {
        done(new AwsError('XAmzContentSHA256Mismatch', 'x-amz-content-sha256 is not of this body.', 400));
      } else done(null, held);
    },
  });
}
