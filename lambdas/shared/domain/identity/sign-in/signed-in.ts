import type { Subject } from '../../access-request.ts';
import type { Principal } from '../../principal.ts';
import type { TokenRefusal } from '../token-verdict.ts';

/** Who signed in. A suspended principal is answered too: what it asks for is recorded and denied. */
export type SignedIn = {
  readonly outcome: 'known';
  readonly principal: Principal;
  /** The user for whom the principal acts, where its token says so. */
  readonly actsFor?: Subject;
  /** Whose token this was: what nobody may approve who is the subject of a request. */
  readonly tokenOf: Subject;
  readonly askOnly: boolean;
  /** Of a token that claims no keys: a console's. */
  readonly redirectOnly: boolean;
  /** The thumbprint of the key that the sender must prove to hold. */
  readonly boundTo?: string;
  /** When the token ends. */
  readonly expiresAt: Date;
};

/** `unknown`: a good token of nobody. `ambiguous`: of two principals, and so of none. */
export type SignInAnswer =
  | SignedIn
  | { readonly outcome: 'unknown' | 'ambiguous'; readonly because: string }
  | TokenRefusal;
