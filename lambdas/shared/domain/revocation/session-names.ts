/** STS's limit on RoleSessionName; a ULID and its hyphen take 27 of it. */
const MOST_CHARACTERS = 64;

/** The session's name in AWS: the request id, its principal cut where the two would not fit. */
export function sessionNameOf(requestId: string): string {
  const cut = requestId.lastIndexOf('-');
  const ulid = requestId.slice(cut);
  return requestId.slice(0, Math.min(cut, MOST_CHARACTERS - ulid.length)) + ulid;
}
