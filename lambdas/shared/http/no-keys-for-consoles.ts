import { Problem } from './problems.ts';

/**
 * INVARIANT: a console's token becomes no keys. Whoever takes one over, or the console, can ask, read and be sent to the
 * AWS console, and holds nothing that signs calls.
 */
export const noKeysForConsoles = (): Problem =>
  new Problem(
    'token_only_redirects',
    'Claim with "delivery": "redirect", or sign in with another client: postern login.',
  );
