import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AwsError } from '../../../../gateway/wire/aws-error.ts';

type Call = (operation: string, input: Record<string, unknown>) => Promise<unknown>;

/** The least of an AWS JSON endpoint that an SDK client needs; it looks at no signature. */
export async function serveJson(call: Call): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    try {
      send(200, await call(operation, JSON.parse(await text(request))));
    } catch (error) {
      if (error instanceof AwsError) send(error.httpStatus, { __type: error.code, message: error.message });
      else send(500, { __type: 'InternalFailure' });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
