import { createHash, timingSafeEqual } from 'node:crypto';
import { ScimError } from './scim-error.ts';

const MOST_HEADER = 1024;
/** Characters of a token that nobody guesses. */
const LEAST_TOKEN = 32;

const hash = (text: string) => createHash('sha256').update(text).digest();

/**
 * Refuses whoever does not bring the provider's token. Hashes are compared, in constant time, so that neither how much
 * of it is right nor how long it is shows. A secret that is too short to be one admits nobody.
 */
export async function checkBearer(header: string | undefined, token: () => Promise<string>): Promise<void> {
  const sent = /^Bearer +(\S+)$/i.exec((header ?? '').slice(0, MOST_HEADER))?.[1];
  if (sent === undefined) throw new ScimError(401, 'Send the token: Authorization: Bearer …');
  const expected = (await token()).trim();
  const isRight = timingSafeEqual(hash(sent), hash(expected));
  if (!isRight || expected.length < LEAST_TOKEN)
    throw new ScimError(401, 'The token is not the one expected.');
}
