import {
  type PasskeyPlace,
  passkeyOriginSchema,
  passkeyPlaceOf,
} from '../../domain/approvals/passkey-place.ts';

/**
 * The console whose passkeys count: that of `CONSOLE_ORIGIN`, which the deployment sets. Undefined where it is empty: then
 * nobody votes with one. Throws where it is no origin that takes passkeys.
 */
export function readPasskeyPlace(): PasskeyPlace | undefined {
  const origin = process.env.CONSOLE_ORIGIN;
  return origin ? passkeyPlaceOf(passkeyOriginSchema.parse(origin)) : undefined;
}
