import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT_ID } from '../../demo/place.ts';
import { deriveKeys } from '../../gateway/keys/derive-keys.ts';
import type { Gateway } from '../../lambdas/shared/domain/identity/delegation.ts';
import { writePrivateFile } from '../seed/write-private-file.ts';

const FILE = 'gateway-seed';

/** The role that the sandbox's gateway calls the broker with. */
export const GATEWAY_ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`;

/** The gateway's one secret: made at random, and kept over restarts in the data folder for this user's eyes only. */
export function gatewaySeed(dataDir: string | undefined): Buffer {
  const path = dataDir && join(dataDir, FILE);
  const kept = path ? readSeed(path) : undefined;
  if (kept) return kept;
  const seed = randomBytes(32);
  if (path) writePrivateFile(path, `${seed.toString('base64url')}\n`);
  return seed;
}

function readSeed(path: string): Buffer | undefined {
  try {
    const seed = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
    return seed.length === 32 ? seed : undefined;
  } catch {
    return undefined;
  }
}

/** How the sandbox's broker knows its gateway: what `gateways` of deployment.json says on AWS. */
export function registeredGateway(seed: Buffer): Gateway {
  const { publicKey, recordKey } = deriveKeys(seed);
  return { roleArn: GATEWAY_ROLE, publicKey, recordKey };
}
