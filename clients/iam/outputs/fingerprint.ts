import { createHash } from 'node:crypto';
import type { Finding } from '../../../policy/check/finding.ts';

/** Tells a finding from others across runs: what it is, of which policy, and what it says; not the line, which moves. */
export const fingerprintOf = ({ id, policy, detail }: Finding): string =>
  createHash('sha256')
    .update(JSON.stringify([id, policy, detail]))
    .digest('hex')
    .slice(0, 32);
