import { html } from 'hono/html';
import type { Html } from './pieces.ts';

/** Whose word counts for whom it is: the customer's own token. It is sent on and never shown again. */
export const subjectField = (hint: Html, more: Html = ''): Html =>
  html`<label>Their token <span class="hint">${hint}</span><textarea class="code" name="subjectToken" rows="3" autocomplete="off" autocapitalize="off" spellcheck="false" ${more}></textarea></label>`;

/** Of a request that was made for somebody: whatever is done with it takes a token that is fresh. */
export const freshSubjectField = (): Html =>
  subjectField(
    'A fresh one of whom it was asked for: without it the request is nobody’s. It is verified, and not stored.',
    'required',
  );
