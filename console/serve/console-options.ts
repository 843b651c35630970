import type { Api } from '../api/api-client.ts';
import type { SignedIn } from '../sign-in/cookies.ts';
import type { IssuerOptions } from '../sign-in/issuer.ts';
import type { OpenAsker } from '../toolkit/generate-policy.ts';
import type { Frame } from '../views/parts/page-of.ts';

export type ConsoleOptions = {
  /** Where browsers find these pages: scheme, host and port. Asked at each call: a port is known once it is open. */
  readonly publicUrl: () => string;
  /** The API's door for tokens, without a slash at its end. */
  readonly apiUrl: () => string;
  readonly issuer: () => IssuerOptions;
  /** Seals cookies. At least 32 characters that nobody guesses. */
  readonly cookieSecret: () => Promise<string>;
  /** Where signing in to the AWS console may lead: sources of a Content-Security-Policy. */
  readonly awsSignIn: () => readonly string[];
  /** Whether answers are streamed, so that pages are told at once when something changes. */
  readonly streams: boolean;
  /** Pages of others that stand beside these. */
  readonly beside?: Frame['beside'];
  /** Where things are, for whoever looks at the first page: names and addresses. */
  readonly places?: () => readonly (readonly [name: string, place: string])[];
  /** Who reads the words that policies are made of; key words, where nobody does. */
  readonly openAsker?: OpenAsker;
  /** Told the name and the place of a defect, never its message, which may quote anything. */
  readonly onDefect?: (defect: { readonly name: string; readonly place: string | undefined }) => void;
  readonly clock?: () => Date;
  readonly fetch?: typeof fetch;
};

/** What a page's handler is given once it is known who asks. */
export type ConsoleEnv = {
  Variables: { session: SignedIn; api: Api; frame: Frame; form: URLSearchParams };
};
