import * as z from 'zod';

/** The console that passkeys are made for: the only page at which they prove anything. */
export type PasskeyPlace = {
  /** Scheme, host and port of the page. */
  readonly origin: string;
  /** The domain that a passkey is bound to: the page's host. */
  readonly rpId: string;
};

const IP_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/;

const isPlace = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { origin, hostname, protocol } = new URL(text);
  if (text !== origin || IP_ADDRESS.test(hostname)) return false;
  return protocol === 'https:' || hostname === 'localhost';
};

/**
 * The origin of a page at which browsers take passkeys: over https, or on `localhost`; an IP address is no domain.
 * @see https://www.w3.org/TR/webauthn-3/#rp-id
 */
export const passkeyOriginSchema = z
  .url({ protocol: /^https?$/, error: 'is not an address' })
  .max(200)
  .refine(
    isPlace,
    'is not an origin that takes passkeys: https:// and a domain, without a path, or http://localhost',
  );

export const passkeyPlaceOf = (origin: string): PasskeyPlace => ({
  origin,
  rpId: new URL(origin).hostname,
});
