import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../../seed/write-private-file.ts';
import type { KeySpec } from '../../template/types.ts';

/** What keys are made of: by their ids, a secret in base64 or a private key in PEM. */
type Materials = Record<string, string>;

const newMaterial = ({ usage }: KeySpec): string =>
  usage === 'SIGN_VERIFY'
    ? generateKeyPairSync('ec', {
        namedCurve: 'P-256',
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }).privateKey
    : randomBytes(32).toString('base64');

/** Makes what keys are made of, once: kept in the data folder for this user's eyes only, in memory without it. */
export function keyMaterials(specs: readonly KeySpec[], dataDir?: string) {
  const path = dataDir && join(dataDir, 'kms.json');
  const stored: Materials = path && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const materials = { ...stored };
  for (const key of specs) materials[key.id] ??= newMaterial(key);
  if (path) writePrivateFile(path, `${JSON.stringify(materials, null, 2)}\n`);

  const materialOf = ({ id, arn }: KeySpec): string => {
    const material = materials[id];
    if (material === undefined) throw new Error(`the sandbox made no key for ${arn}`);
    return material;
  };
  return {
    secretOf: (key: KeySpec): Buffer => Buffer.from(materialOf(key), 'base64'),
    privateKeyOf: (key: KeySpec): KeyObject => createPrivateKey(materialOf(key)),
  };
}
