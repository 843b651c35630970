import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { importJWK, SignJWT } from 'jose';
import * as z from 'zod';

const ACCESS_FILE = '.sandbox/access.json';
const USAGE = `Usage: npm run fact -- <onCall|openReference|incident> <about> [value] [--seconds 3600] [--over]

  npm run fact -- onCall person:emma payments
  npm run fact -- openReference reference:OPS-12
  npm run fact -- incident organisation INC-9 --over`;

const accessSchema = z.object({
  facts: z.url(),
  factSource: z.object({
    source: z.string(),
    audience: z.string(),
    key: z.looseObject({ kid: z.string(), kty: z.literal('OKP') }),
  }),
});
type Access = z.infer<typeof accessSchema>;

type Said = {
  readonly fact: string;
  readonly about: string;
  readonly value?: string | undefined;
  readonly seconds: number;
  readonly holds: boolean;
};

/** A fact as a source signs it. All that a source of one's own has to do, and to post it. */
async function signFact(
  { seconds, value, ...said }: Said,
  { source, audience, key }: Access['factSource'],
): Promise<string> {
  return new SignJWT({ ...said, ...(value !== undefined && { value }) })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'fact+jwt' })
    .setIssuer(source)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${seconds} seconds`)
    .sign(await importJWK(key, 'EdDSA'));
}

/** Signs a fact with the sandbox's own source, and posts it. Beside `npm start`. */
async function postFact(said: Said): Promise<{ readonly ok: boolean; readonly text: string }> {
  const access = accessSchema.parse(JSON.parse(readFileSync(ACCESS_FILE, 'utf8')));
  const response = await fetch(access.facts, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fact: await signFact(said, access.factSource) }),
  });
  return { ok: response.ok, text: await response.text() };
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '3600' }, over: { type: 'boolean', default: false } },
});
const [fact, about, value] = positionals;
if (fact === undefined || about === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  try {
    const { ok, text } = await postFact({
      fact,
      about,
      value,
      seconds: Number(values.seconds),
      holds: !values.over,
    });
    console.log(text);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    console.error(isMissing ? `there is no ${ACCESS_FILE}: run npm start first` : String(error));
    process.exitCode = 1;
  }
}
