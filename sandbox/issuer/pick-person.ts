import { html } from 'hono/html';
import { page } from '../edge/page.ts';

/** A page on which one says who one is; what else the form carries goes with it, unchanged. */
export const pickPerson = (
  title: string,
  people: readonly string[],
  carried: Readonly<Record<string, string>>,
  note: string,
) =>
  page(
    title,
    html`<p>${note}</p>
      <form method="post">
        ${Object.entries(carried).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        ${people.map((id) => html`<p><button name="person" value="${id}">${id}</button></p>`)}
      </form>`,
  );
