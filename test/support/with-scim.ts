import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { synthOnce } from './synth-once.ts';

/** The template of a deployment that takes people from an identity provider. */
export const templateWithScim = (): CfnTemplate =>
  synthOnce({ demo: true, settings: { ...DEFAULT_SETTINGS, scim: true } });

/** An identity provider's client, as far as tests need one. */
export function makeProvider({ url, token }: { readonly url: string; readonly token: string }) {
  async function send(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as any };
  }
  const patch = (path: string, ...Operations: object[]) =>
    send('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
  return {
    send,
    patch,
    /** A new user's id. */
    async user(userName: string, more: object = {}): Promise<string> {
      const emails = [{ value: `${userName}@bank.example`, primary: true }];
      const { status, body } = await send('POST', '/Users', { userName, active: true, emails, ...more });
      if (status !== 201) throw new Error(`the user was not made: ${JSON.stringify(body)}`);
      return String(body.id);
    },
    async group(displayName: string, members: readonly string[] = []): Promise<string> {
      const { body } = await send('POST', '/Groups', {
        displayName,
        members: members.map((value) => ({ value })),
      });
      return String(body.id);
    },
  };
}
