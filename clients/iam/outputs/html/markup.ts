import { html, raw } from 'hono/html';
import { visibleText } from '../../../../lambdas/shared/domain/text/show-hostile-text.ts';

export type Markup = ReturnType<typeof html>;
export { html, raw };

/** Characters of one text that are shown. */
const MOST = 400;

/** Somebody else's text: what would hide or reorder is written out, and what is too long is cut. Escaped by `html`. */
export function shown(text: string): string {
  const visible = visibleText(text);
  return visible.length > MOST ? `${visible.slice(0, MOST)}…` : visible;
}

/** A number within a drawing, short. */
export const coordinate = (value: number): string => String(Math.round(value * 100) / 100);
