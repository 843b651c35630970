import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const REGION = 'eu-central-1';
const signerOf = (credentials: Keys, service: string) =>
  new SignatureV4({ credentials, region: REGION, service, sha256: Sha256 });

/** A call signed by hand, for what the SDK's clients would not send. */
export async function post(
  url: string,
  credentials: Keys,
  service: string,
  body: string,
  headers: Record<string, string>,
): Promise<Response> {
  const { hostname, host } = new URL(url);
  const signed = await signerOf(credentials, service).sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    path: '/',
    query: {},
    headers: { host, ...headers },
    body,
  });
  const { host: _, ...sent } = signed.headers;
  return fetch(url, { method: 'POST', headers: sent, body });
}

/** A JSON call, answered with its status and its output or error. */
export async function callJson(
  url: string,
  credentials: Keys,
  target: string,
  input: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const service = target.startsWith('DynamoDB') ? 'dynamodb' : 'kms';
  const response = await post(url, credentials, service, JSON.stringify(input), {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': target,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A call of the query protocol, answered with its status and its XML. */
export async function callQuery(
  url: string,
  credentials: Keys,
  service: 'iam' | 'sts',
  input: Record<string, string>,
): Promise<{ status: number; xml: string }> {
  const response = await post(url, credentials, service, new URLSearchParams(input).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
  return { status: response.status, xml: await response.text() };
}

/** The code in the XML of an error. */
export const codeIn = (xml: string): string | undefined => /<Code>([^<]*)<\/Code>/.exec(xml)?.[1];

/** A presigned URL of a GET. */
export async function presign(
  url: string,
  credentials: Keys,
  service: string,
  query: Record<string, string>,
  { expiresIn = 60, signingDate = new Date() } = {},
): Promise<string> {
  const { hostname, host } = new URL(url);
  const signed = await signerOf(credentials, service).presign(
    { method: 'GET', protocol: 'http:', hostname, path: '/', query, headers: { host } },
    { expiresIn, signingDate },
  );
  const parameters = Object.entries(signed.query ?? {}).map(([name, value]) => [name, String(value)]);
  return `${url}/?${new URLSearchParams(parameters as [string, string][]).toString().replaceAll('+', '%20')}`;
}
