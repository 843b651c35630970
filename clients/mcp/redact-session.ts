import type { HeldSession } from './mcp-ports.ts';

const HIDDEN = '[hidden]';

/**
 * A text without anything of these sessions, as they are and as a URL has them: AWS's errors may quote the request
 * that they are about, headers and all.
 */
export function redactSessions(text: string, sessions: Iterable<HeldSession>): string {
  let redacted = text;
  for (const { accessKeyId, secretAccessKey, sessionToken } of sessions) {
    for (const secret of [accessKeyId, secretAccessKey, sessionToken])
      redacted = redacted.replaceAll(secret, HIDDEN).replaceAll(encodeURIComponent(secret), HIDDEN);
  }
  return redacted;
}
