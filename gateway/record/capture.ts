/** Bytes of a body that are kept. */
export const MOST_KEPT_BYTES = 256 * 1024;

/** The beginning of a body that passes by, and how long it was in all. */
export function makeCapture() {
  const pieces: Buffer[] = [];
  let keptBytes = 0;
  let bytes = 0;
  return {
    add(piece: Buffer): void {
      bytes += piece.length;
      if (keptBytes >= MOST_KEPT_BYTES) return;
      // A copy: what a socket read into is used again.
      const kept = Buffer.from(piece.subarray(0, MOST_KEPT_BYTES - keptBytes));
      keptBytes += kept.length;
      pieces.push(kept);
    },
    captured: (): Captured => ({ bytes, kept: Buffer.concat(pieces) }),
  };
}
export type Capture = ReturnType<typeof makeCapture>;
export type Captured = { readonly bytes: number; readonly kept: Buffer };
