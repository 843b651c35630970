import { makeSignedFetch } from '../../clients/sdk/signed-fetch.ts';
import { REGION } from '../../demo/place.ts';
import { gatewayCredential } from '../../sandbox/gateway/gateway-credential.ts';
import type { Cloud } from './start-cloud.ts';
import { startIssuer } from './start-issuer.ts';
import { makeProofKey } from './token-caller.ts';

/** One call, by its path at a door. */
export type Knock = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
/** A caller: answers the status, and the code of a problem or of an error of AWS. */
export type Caller = (knock: Knock) => Promise<string>;

/** The status, and the code beside it where there is one. */
export async function answerOf(response: Response): Promise<string> {
  const text = await response.text();
  const xml = /<Code>([\w.]+)<\/Code>/.exec(text)?.[1];
  const json = text.startsWith('{') ? (JSON.parse(text) as { code?: unknown; __type?: unknown }) : {};
  const code =
    xml ?? json.code ?? (typeof json.__type === 'string' ? json.__type.split('#').at(-1) : undefined);
  return [response.status, code].filter((part) => part !== undefined).join(' ');
}

export type KeyPair = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** Sends a call as it is, without a signature or a token but what its headers hold. */
export const sendBare = (base: string, { method, path, body, headers }: Knock): Promise<Response> =>
  fetch(`${base}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });

/** A caller that signs with these keys. */
export function signingAt(base: string, key: KeyPair): Caller {
  const signedFetch = makeSignedFetch({ credentials: async () => key, region: async () => REGION });
  return async ({ method, path, body, headers = {} }) =>
    answerOf(
      await signedFetch({
        method,
        url: new URL(`${base}${path}`),
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
}

/** A caller that brings a token, fresh for each call. */
export const bringingAt =
  (base: string, token: () => Promise<string>): Caller =>
  async (knock) =>
    answerOf(
      await sendBare(base, {
        ...knock,
        headers: { ...knock.headers, authorization: `Bearer ${await token()}` },
      }),
    );

/** A token of the sandbox's issuer, for a principal that it may not know. */
export async function tokenFor(cloud: Cloud, id: string, query = ''): Promise<string> {
  const known = cloud.access.principals.analyst1?.tokenUrl ?? '';
  const response = await fetch(`${known.replace(/[^/]*$/, id)}${query}`);
  return ((await response.json()) as { token: string }).token;
}

/** A token of the device flow, which somebody confirmed. */
async function tokenOfDevice(cloud: Cloud, person: string): Promise<string> {
  const post = async (path: string, form: Record<string, string>) =>
    fetch(`${cloud.urls.console}/issuer${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const client = { client_id: 'postern-device' };
  const asked = (await (await post('/device_authorization', client)).json()) as Record<string, string>;
  await post('/device', { user_code: asked.user_code ?? '', person });
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  const redeemed = await post('/oauth/token', {
    ...client,
    grant_type,
    device_code: asked.device_code ?? '',
  });
  return ((await redeemed.json()) as { access_token: string }).access_token;
}

const KNOWN = ['analyst1', 'employee1', 'approver1', 'auditor1', 'suspended1'] as const;

/** Everybody who may come to the door of signatures, by what the table calls them. */
export function signersOf(cloud: Cloud): Record<string, Caller> {
  const { api } = cloud.urls;
  const keyOf = (id: string): KeyPair => cloud.access.principals[id] as KeyPair;
  const known = KNOWN.map((id) => [id, signingAt(api, keyOf(id))] as const);
  return {
    ...Object.fromEntries(known),
    'the gateway': signingAt(api, gatewayCredential(cloud.aws, cloud.template)),
    'nobody known': signingAt(api, cloud.clientOptions.credentials),
    'analyst1, another secret': signingAt(api, { ...keyOf('analyst1'), secretAccessKey: 'another' }),
    'a token instead': bringingAt(api, () => tokenFor(cloud, 'analyst1')),
    nobody: async (knock) => answerOf(await sendBare(api, knock)),
  };
}

/** Everybody who may come to the door of tokens. `end` stops what was started for them. */
export async function bearersOf(
  cloud: Cloud,
): Promise<{ callers: Record<string, Caller>; end: () => Promise<void> }> {
  const { oidcApi } = cloud.urls;
  const [foreign, key, device] = await Promise.all([
    startIssuer(),
    makeProofKey(),
    tokenOfDevice(cloud, 'analyst1'),
  ]);
  const boundToken = () => tokenFor(cloud, 'analyst1', `?jkt=${key.thumbprint}`);
  const bring = (token: () => Promise<string>) => bringingAt(oidcApi, token);
  const callers: Record<string, Caller> = {
    ...Object.fromEntries(KNOWN.map((id) => [id, bring(() => tokenFor(cloud, id))])),
    'nobody known': bring(() => tokenFor(cloud, 'stranger1')),
    'analyst1, by a device': bring(async () => device),
    'analyst1, bound and proved': async (knock) => {
      const token = await boundToken();
      const url = `${oidcApi}${knock.path}`.replace(/\?.*/, '');
      const headers = { authorization: `DPoP ${token}`, dpop: await key.prove(knock.method, url, token) };
      return answerOf(await sendBare(oidcApi, { ...knock, headers: { ...knock.headers, ...headers } }));
    },
    'analyst1, bound, not proved': bring(boundToken),
    'a token for the gateway': bring(() => tokenFor(cloud, 'analyst1', '?for=gateway')),
    'an end user': bring(() => cloud.subjectToken('c-1042')),
    'a foreign issuer': bring(() => foreign.sign({ sub: 'analyst1', aud: 'postern' })),
    'a signature instead': signingAt(oidcApi, cloud.access.principals.analyst1 as KeyPair),
    nobody: async (knock) => answerOf(await sendBare(oidcApi, knock)),
  };
  return { callers, end: () => foreign.close() };
}
