import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeAuthorizedFetch } from '../../../clients/sdk/authorized-fetch.ts';
import {
  readTokenClaims,
  tokenIdentity,
  tokenInFile,
  tokenOfEnvironment,
} from '../../../clients/sdk/token-identity.ts';

const asToken = (claims: object) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`;

let server: Server;
let url: string;
const asked: { url: string | undefined; authorization: string | undefined }[] = [];
let answer: { status: number; body: string };
beforeAll(async () => {
  server = createServer(({ url: path, headers }, response) => {
    asked.push({ url: path, authorization: headers.authorization });
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ofGitHub = () => ({
  POSTERN_TOKEN_AUDIENCE: 'postern',
  ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?version=2`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
});

test('a job of GitHub mints a token for each call, for the broker’s audience', async () => {
  answer = { status: 200, body: JSON.stringify({ value: 'a.b.c' }) };
  const source = tokenOfEnvironment(ofGitHub());
  expect([await source?.token(), await source?.token()]).toEqual(['a.b.c', 'a.b.c']);
  expect(asked).toEqual(
    Array(2).fill({ url: '/token?version=2&audience=postern', authorization: 'Bearer of-the-job' }),
  );
});

test.each([
  { status: 403, body: '{}' },
  { status: 200, body: 'hello' },
  { status: 200, body: '{"value":""}' },
])('a job without the permission is told so: %j', async (given) => {
  answer = given;
  await expect(tokenOfEnvironment(ofGitHub())?.token()).rejects.toMatchObject({ code: 'token_unreadable' });
});

test('a file goes before a job, and neither is taken where nothing names it', () => {
  expect(tokenOfEnvironment({})).toBeUndefined();
  expect(tokenOfEnvironment({ ...ofGitHub(), POSTERN_TOKEN_AUDIENCE: undefined })).toBeUndefined();
  expect(tokenOfEnvironment({ AWS_WEB_IDENTITY_TOKEN_FILE: '/token' })).toBeUndefined();
  expect(tokenOfEnvironment({ ...ofGitHub(), POSTERN_WEB_IDENTITY_TOKEN_FILE: '/token' })).toBeDefined();
});

test.each(['/nowhere', '/dev/null', 'package.json'])(
  'a file that holds no token, %s, is refused',
  async (file) => {
    await expect(tokenInFile(file).token()).rejects.toMatchObject({ code: 'token_unreadable' });
  },
);

test('a token is sent to nobody over an open network', async () => {
  const identity = tokenIdentity({ token: async () => 'a.b.c' }, { region: async () => 'eu-central-1' });
  const fetch = vi.fn(async () => new Response('{}'));
  const send = makeAuthorizedFetch(identity, fetch);
  await expect(
    send({ method: 'GET', url: new URL('http://broker.example/oidc/catalog') }),
  ).rejects.toMatchObject({
    code: 'no_endpoint',
  });
  expect(fetch).not.toHaveBeenCalled();
  await send({ method: 'GET', url: new URL('https://broker.example/oidc/catalog') });
  expect(fetch).toHaveBeenCalledWith(
    new URL('https://broker.example/oidc/catalog'),
    expect.objectContaining({ headers: { authorization: 'Bearer a.b.c' }, redirect: 'error' }),
  );
});

test('whose a token says it is, and who acts', () => {
  expect(
    readTokenClaims(asToken({ iss: 'https://i.example', sub: 'c-1', act: { sub: 'agent' }, exp: 60 })),
  ).toEqual({
    issuer: 'https://i.example',
    subject: 'c-1',
    actor: 'agent',
    endsAt: new Date(60_000),
  });
  expect(() => readTokenClaims('no token')).toThrow(/not a token/);
});
