import { html } from 'hono/html';
import { type Frame, pageOf } from '../parts/page-of.ts';
import type { Html } from '../parts/pieces.ts';

type Told = {
  readonly title: string;
  readonly say: string;
  readonly next?: Html;
  /** What was typed, so that it is not lost. */
  readonly typed?: Readonly<Record<string, string>>;
};

/** What went wrong, and what to do. */
export const problemPage = (frame: Frame, { title, say, next = '', typed = {} }: Told) =>
  pageOf(frame, {
    title,
    content: html`<p class="lead">${say}</p>
      ${next ? html`<p>${next}</p>` : ''}
      ${
        Object.keys(typed).length > 0
          ? html`<h2>What you had typed</h2>
              ${Object.entries(typed).map(([name, value]) => html`<h3>${name}</h3><pre tabindex="0">${value}</pre>`)}`
          : ''
      }`,
  });
