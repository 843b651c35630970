import * as z from 'zod';

/** A gateway's session: its id is a ULID with a word before it, so that it is told from a request's. */
export const gatewaySessionIdSchema = z
  .string()
  .regex(/^gateway-[0-9A-HJKMNP-TV-Z]{26}$/, 'a gateway session id: gateway-<ulid>');
