import type { Subject } from '../access-request.ts';

/** Why a token is not taken. `unavailable`: the issuer's keys could not be fetched, which says nothing about the token. */
export type TokenRefusal = { readonly outcome: 'invalid' | 'unavailable'; readonly because: string };

/** Who a subject token speaks for. */
export type TokenVerdict = { readonly outcome: 'verified'; readonly subject: Subject } | TokenRefusal;
