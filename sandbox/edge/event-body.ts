/** The body as text; one that is none goes on as it came, for the function to refuse. */
export function bodyOf(bytes: ArrayBuffer) {
  if (bytes.byteLength === 0) return { body: null, isBase64Encoded: false };
  try {
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { body, isBase64Encoded: false };
  } catch {
    return { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
  }
}
