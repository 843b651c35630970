import { importJWK, SignJWT } from 'jose';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import type { FactSourceAccess } from '../../sandbox/issuer/fact-source.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { synthOnce } from './synth-once.ts';

/** The template of a deployment that takes facts from outside. */
export const templateWithFacts = (): CfnTemplate =>
  synthOnce({ demo: true, settings: { ...DEFAULT_SETTINGS, facts: true } });

/** A source outside, as far as tests need one: signs facts and posts them. */
export function makeSource({
  url,
  access: { source, audience, key },
}: {
  readonly url: string;
  readonly access: FactSourceAccess;
}) {
  const sign = async (said: object, { issuedAt = new Date(), seconds = 600, kid = key.kid } = {}) => {
    const epoch = Math.floor(issuedAt.getTime() / 1000);
    return new SignJWT({ ...said })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'fact+jwt' })
      .setIssuer(source)
      .setAudience(audience)
      .setIssuedAt(epoch)
      .setExpirationTime(epoch + seconds)
      .sign(await importJWK(key, 'EdDSA'));
  };
  async function post(fact: string) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fact }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  return { sign, post, state: async (...said: Parameters<typeof sign>) => post(await sign(...said)) };
}
