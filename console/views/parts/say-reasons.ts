import { html } from 'hono/html';
import type { ShownReason } from '../../../lambdas/shared/domain/text/say-reason.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { Html } from './pieces.ts';

/** Why it was decided so: a sentence each. The codes are in the records, for whoever looks them up. */
export const reasonLines = (reasons: readonly ShownReason[]): Html =>
  reasons.length === 0
    ? ''
    : html`<ul>
        ${reasons.map(
          ({ detail, resource, action }) =>
            html`<li>
              ${visibleText(detail)}
              <span class="dim small">${[resource, action].filter(Boolean).join(', ')}</span>
            </li>`,
        )}
      </ul>`;
