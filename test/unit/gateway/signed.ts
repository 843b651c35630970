import { type RawRequest, readRawRequest } from '../../../gateway/wire/raw-request.ts';
import { signRequest } from '../../../gateway/wire/sign-request.ts';
import { sha256 } from '../../../gateway/wire/signing-key.ts';

export const NOW = new Date('2026-11-20T22:00:00Z');
export const KEYS = { accessKeyId: 'PSTNAAAAAAAAAAAAAAAA', secretAccessKey: 'of-this-test-alone' };
export const HOST = '127.0.0.1:4782';

type Sent = {
  readonly service: string;
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Instead of the body's digest. */
  readonly payloadHash?: string;
  readonly region?: string;
  readonly keys?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly now?: Date;
  readonly host?: string;
};

/** A request as it stands on the line, signed as SDKs sign. */
export function signed(sent: Sent): { request: RawRequest; body: Buffer } {
  const body = Buffer.from(sent.body ?? '');
  const payloadHash = sent.payloadHash ?? sha256(body);
  const headers = {
    host: sent.host ?? HOST,
    ...(sent.service === 's3' && { 'x-amz-content-sha256': payloadHash }),
    ...sent.headers,
  };
  const plain = readRawRequest(sent.method ?? 'POST', sent.target ?? '/', Object.entries(headers).flat());
  const to = { region: sent.region ?? 'eu-central-1', service: sent.service, payloadHash };
  const { headers: signedHeaders } = signRequest(plain, sent.keys ?? KEYS, to, sent.now ?? NOW);
  return { request: { ...plain, headers: signedHeaders }, body };
}

/** A call of DynamoDB. */
export const dynamodb = (operation: string, input: unknown, more: Partial<Sent> = {}) =>
  signed({
    service: 'dynamodb',
    headers: {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    },
    body: typeof input === 'string' ? input : JSON.stringify(input),
    ...more,
  });
