import { html } from 'hono/html';
import {
  type SignInEntry,
  wantedClaims,
} from '../../../lambdas/shared/domain/identity/sign-in/sign-in-entry.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Html } from './pieces.ts';

const value = (text: string): Html => html`<code>${visibleText(text)}</code>`;

/** One claim: what it must be, one of what, or how it begins. */
function claimOf([name, wanted]: readonly [string, readonly string[]]): Html {
  const values = wanted.map((text) =>
    text.endsWith('*') ? html`beginning with ${value(text.slice(0, -1))}` : value(text),
  );
  return html`${value(name)} ${values.map((said, nth) => html`${nth > 0 ? ' or ' : ''}${said}`)}`;
}

const bySignIn = (entry: SignInEntry): Html =>
  html`<li>
    A token of ${value(entry.issuer)} ${
      'subject' in entry
        ? html`as ${value(entry.subject)}`
        : html`with ${Object.entries(wantedClaims(entry)).map((claim, nth) => html`${nth > 0 ? ', and ' : ''}${claimOf(claim)}`)}`
    }
  </li>`;

/** The ways in which somebody is known, one a line. */
export const signInLines = ({ awsPrincipals, signIn = [], slackUserId }: Principal): Html =>
  html`<ul class="list">
    ${signIn.map(bySignIn)}
    ${awsPrincipals.map((arn) => html`<li>AWS as ${value(arn)}</li>`)}
    ${slackUserId ? html`<li>Slack as ${value(slackUserId)}</li>` : ''}
  </ul>`;
