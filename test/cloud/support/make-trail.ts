import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Emulator } from './start-emulator.ts';

/** Makes a trail that logs, as docs/deploy.md asks an account to have one. */
export async function makeTrail({ endpoint, root }: Emulator, name: string): Promise<void> {
  const signer = new SignatureV4({ ...root, service: 'cloudtrail', sha256: Sha256 });
  const url = new URL(endpoint);
  const call = async (operation: string, input: object) => {
    const body = JSON.stringify(input);
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${operation}`,
      },
      body,
    });
    const answer = await fetch(url, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
  };
  await call('CreateTrail', { Name: name, S3BucketName: 'trails-of-the-organisation' });
  await call('StartLogging', { Name: name });
}
