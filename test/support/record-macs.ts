import { createHmac } from 'node:crypto';

const macOf = (hash: string) => createHmac('sha256', 'of this test alone').update(hash).digest('base64');

/** Makes and verifies MACs of audit records as the KMS key does, with a key in the process. */
export const testMacs = {
  make: async (hash: string) => macOf(hash),
  verify: async (hash: string, mac: string) => macOf(hash) === mac,
};
