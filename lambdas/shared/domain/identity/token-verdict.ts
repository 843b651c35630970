import type { Subject } from '../access-request.ts';

/** Who a subject token speaks for. `unavailable`: the issuer's keys could not be fetched, which says nothing about the token. */
export type TokenVerdict =
  | { readonly outcome: 'verified'; readonly subject: Subject }
  | { readonly outcome: 'invalid' | 'unavailable'; readonly because: string };
