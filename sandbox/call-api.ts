import { makeSignedFetch } from '../clients/sdk/signed-fetch.ts';
import { REGION } from './compose-sandbox.ts';

export type KeyPair = { readonly accessKeyId: string; readonly secretAccessKey: string };
export type ApiAnswer = { readonly status: number; readonly body: Record<string, unknown> };

/** Calls the sandbox's API, signed as one of its principals, as any SigV4 client would. */
export function makeApiCaller(api: string, key: KeyPair) {
  const signedFetch = makeSignedFetch({ credentials: async () => key, region: async () => REGION });
  return async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> => {
    const response = await signedFetch({
      method,
      url: new URL(`${api}${path}`),
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}
export type ApiCaller = ReturnType<typeof makeApiCaller>;
