import { makeSignedFetch } from '../clients/sdk/signed-fetch.ts';
import type { DemoAccess, KeyPair } from './demo-place.ts';
import { REGION } from './place.ts';

export type ApiAnswer = { readonly status: number; readonly body: Record<string, unknown> };

/** Calls the API, the sandbox's or a deployment's, signed as one of its principals, as any SigV4 client would. */
export function makeApiCaller(api: string, key: KeyPair, region = REGION) {
  const signedFetch = makeSignedFetch({ credentials: async () => key, region: async () => region });
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

/** The access key of a seeded principal. Throws for one there is not. */
export function keyOf({ principals }: DemoAccess, id: string): KeyPair {
  const key = principals[id];
  if (!key) throw new Error(`the demo has no principal ${id}`);
  return key;
}

/** A fresh token of a signed-in end user. Throws for one there is not. */
export async function subjectTokenOf({ subjects }: DemoAccess, id: string): Promise<string> {
  const subject = subjects[id];
  if (!subject) throw new Error(`the demo has no subject ${id}`);
  const response = await fetch(subject.tokenUrl);
  return ((await response.json()) as { token: string }).token;
}
