import { AwsError } from '../../gateway/wire/aws-error.ts';

/** How much callers may still store. */
export type Room = {
  /** Takes so many bytes. Throws ServiceQuotaExceededException where there is no more room. */
  take(bytes: number): void;
  /** Gives them back. */
  give(bytes: number): void;
};

/** Bytes that anything stored takes beside what it holds, so that empty things are bounded too. */
const BYTES_OF_ANYTHING = 512;

/** Room for so many bytes: whatever callers store stays in memory, and a sandbox that is left running stays small. */
export function makeRoom(bytes: number): Room {
  let taken = 0;
  return {
    take(more) {
      const next = taken + more + BYTES_OF_ANYTHING;
      if (next > bytes) {
        const why = `The sandbox keeps ${bytes} bytes in memory, and they are used; delete something, or start it again.`;
        throw new AwsError('ServiceQuotaExceededException', why, 400);
      }
      taken = next;
    },
    give(back) {
      taken -= back + BYTES_OF_ANYTHING;
    },
  };
}
