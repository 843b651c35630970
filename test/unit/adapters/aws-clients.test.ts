import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, expect, test, vi } from 'vitest';
import { stsClient } from '../../../lambdas/shared/adapters/runtime/aws-clients.ts';

afterEach(() => vi.unstubAllEnvs());

test('STS is asked on a connection of its own each time: a kept one may be dead, and nothing is tried twice', async () => {
  let connections = 0;
  const server = createServer((_, response) => response.writeHead(200).end('<GetCallerIdentityResponse/>'));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const client = stsClient();
  for (let nth = 0; nth < 3; nth += 1) await client.send(new GetCallerIdentityCommand());
  expect(connections).toBe(3);
  client.destroy();
  server.close();
});
