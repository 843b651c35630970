import { randomBytes } from 'node:crypto';
import { deriveKeys } from '../gateway/keys/derive-keys.ts';

/**
 * Draws a gateway's seed, its one secret: `npm run --silent gateway:seed`. Prints it to be kept in Secrets Manager, and
 * what deployment.json says of the gateway, which is public.
 */
const seed = randomBytes(32);
const { publicKey, recordKey } = deriveKeys(seed);
console.log(JSON.stringify({ seed: seed.toString('base64url'), publicKey, recordKey }, null, 2));
