import type { KMSClient } from '@aws-sdk/client-kms';
import { makeMacKey } from './mac-key.ts';

const bytesOf = (hash: string) => new TextEncoder().encode(`postern audit record ${hash}`);

/** MACs over the hashes of audit records, by the KMS key that is for nothing else. */
export function makeRecordMacs(deps: { client: KMSClient; keyId: string }) {
  const key = makeMacKey(deps);
  return {
    make: (hash: string): Promise<string> => key.mac(bytesOf(hash)),
    verify: (hash: string, mac: string): Promise<boolean> => key.verify(bytesOf(hash), mac),
  };
}
