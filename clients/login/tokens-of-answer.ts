import { decodeJwt } from 'jose';
import { PosternError } from '../sdk/postern-error.ts';
import type { Login } from './login-file.ts';

type Answer = {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly expires_in?: number;
};

function endOf(token: string): Date | undefined {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : new Date(exp * 1000);
  } catch {
    return undefined;
  }
}

/**
 * What of an issuer's answer is kept. The broker takes tokens that it can read: the access token where it is one, else
 * the ID token.
 */
export function tokensOf(answer: Answer): Pick<Login, 'token' | 'expiresAt' | 'refreshToken'> {
  for (const token of [answer.access_token, answer.id_token ?? '']) {
    const end = endOf(token);
    if (end)
      return {
        token,
        expiresAt: end.toISOString(),
        ...(answer.refresh_token && { refreshToken: answer.refresh_token }),
      };
  }
  throw new PosternError({
    code: 'login_failed',
    detail: 'The identity provider gave no token that a broker can read: ask it for JWT access tokens.',
  });
}
