import { randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret for who may call a server on loopback, which every user of the machine can reach. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Whether an `Authorization` header is the wanted one, in a time that tells nothing of it but its length. */
export function isSecret(authorization: string | undefined, wanted: string): boolean {
  const [given, expected] = [Buffer.from(authorization ?? ''), Buffer.from(wanted)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
