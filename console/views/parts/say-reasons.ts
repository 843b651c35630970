import { html } from 'hono/html';
import type { ShownReason } from '../../../lambdas/shared/domain/text/say-reason.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Html } from './pieces.ts';

/** Why it was decided so: a sentence each, and the code for whoever looks it up. */
export const reasonLines = (reasons: readonly ShownReason[]): Html =>
  reasons.length === 0
    ? ''
    : html`<ul>
        ${reasons.map(
          ({ code, detail, resource, action }) =>
            html`<li>
              ${visibleText(detail)}
              <span class="dim small">${[resource, action].filter(Boolean).join(', ')} <code>${code}</code></span>
            </li>`,
        )}
      </ul>`;
