import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dynalite from 'dynalite';

type DatabaseAnswer = { status: number; body: string };

/**
 * dynalite behind a Unix socket that only this user can open: nothing reaches the tables but through the
 * endpoint's signatures and IAM.
 */
export async function startDatabase(path?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-'));
  chmodSync(folder, 0o700);
  const socketPath = join(folder, 'dynamodb');
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0, ...(path && { path }) });
  // Idle connections stay: where the machine is busy, a call is sent on one that is just being closed, and fails.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  const agent = new Agent({ keepAlive: true });

  const underWay = new Set<Promise<DatabaseAnswer>>();

  /** One call of DynamoDB's JSON protocol, authorised before. */
  const send = (operation: string, body: string): Promise<DatabaseAnswer> => {
    const answer = ask(operation, body).finally(() => underWay.delete(answer));
    underWay.add(answer);
    return answer;
  };

  const ask = (operation: string, body: string): Promise<DatabaseAnswer> =>
    new Promise((resolve, reject) => {
      const call = request(
        {
          socketPath,
          agent,
          method: 'POST',
          path: '/',
          headers: {
            host: 'dynamodb',
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `DynamoDB_20120810.${operation}`,
            // dynalite wants a signature's shape; the endpoint verified the real one.
            'x-amz-date': '20200101T000000Z',
            authorization:
              'AWS4-HMAC-SHA256 Credential=x/20200101/x/dynamodb/aws4_request, SignedHeaders=host, Signature=x',
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(body);
    });

  return {
    send,
    async close(): Promise<void> {
      // A write that is cut off would go on without its caller, and throw where the files are closed.
      await Promise.allSettled(underWay);
      agent.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type Database = Awaited<ReturnType<typeof startDatabase>>;
