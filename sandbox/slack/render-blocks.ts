import { html } from 'hono/html';
import type { Entered } from './act-as-person.ts';
import type { Button, InputBlock, MessageBlock, ModalBlock, RichPiece } from './check-blocks.ts';

/** Whatever is interpolated is escaped by `html`: text of a block never becomes markup. */
type Html = ReturnType<typeof html>;

type RichElement = Extract<ModalBlock, { type: 'rich_text' }>['elements'][number];

function piece(element: RichPiece): Html {
  switch (element.type) {
    case 'text': {
      const words = html`${element.text}`;
      if (element.style?.code) return html`<code>${words}</code>`;
      return element.style?.bold ? html`<b>${words}</b>` : words;
    }
    case 'link':
      return html`<a href="${element.url}">${element.text ?? element.url}</a>`;
    case 'date': {
      const iso = new Date(element.timestamp * 1000).toISOString();
      return html`<time datetime="${iso}">${element.fallback ?? iso}</time>`;
    }
  }
}

function richElement({ type, elements }: RichElement): Html {
  const pieces = elements.map(piece);
  if (type === 'rich_text_quote') return html`<blockquote class="rich">${pieces}</blockquote>`;
  if (type === 'rich_text_preformatted') return html`<pre class="rich">${pieces}</pre>`;
  return html`<div class="rich">${pieces}</div>`;
}

/** What a button's form tells the server beside the button itself. */
type Aim = { readonly as: string; readonly channel: string; readonly ts: string };

const hidden = (fields: Record<string, string>) =>
  Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );

/** A button; where it asks for confirmation, one that opens the question, which works without a script. */
function button(element: Button, aim: Aim): Html {
  const fields = hidden({ ...aim, action: element.action_id });
  const look = element.style ?? 'plain';
  if (!element.confirm) {
    return html`<form method="post" action="/slack/click">
      ${fields}<button class="${look}">${element.text.text}</button>
    </form>`;
  }
  const { title, text, confirm, deny } = element.confirm;
  const id = `confirm-${aim.ts}-${element.action_id}`;
  return html`<button type="button" class="${look}" popovertarget="${id}">${element.text.text}</button>
    <div popover id="${id}" role="dialog" aria-label="${title.text}">
      <h3>${title.text}</h3>
      <p>${text.text}</p>
      <form method="post" action="/slack/click">
        ${fields}
        <button type="button" class="plain" popovertarget="${id}" popovertargetaction="hide">${deny.text}</button>
        <button class="${look}">${confirm.text}</button>
      </form>
    </div>`;
}

export function messageBlock(block: MessageBlock, aim: Aim): Html | Html[] {
  switch (block.type) {
    case 'header':
      return html`<h3>${block.text.text}</h3>`;
    case 'section':
      return html`<p class="rich">${block.text.text}</p>`;
    case 'rich_text':
      return block.elements.map(richElement);
    case 'actions':
      return html`<div class="actions">${block.elements.map((it) => button(it, aim))}</div>`;
  }
}

/** An input of a modal, with what was entered in it before and what the app said of that. */
function input(block: InputBlock, entered: Entered[string] | undefined, error: string | undefined): Html {
  const { block_id: name, label, hint, element, optional } = block;
  const explained = `${name}-explained`;
  const explanation = html`<span id="${explained}">
    ${hint ? html`<small>${hint.text}</small>` : ''}
    ${error ? html`<strong class="error" role="alert">${error}</strong>` : ''}
  </span>`;
  const words = html`${label.text}${optional ? html` <small>(optional)</small>` : ''}`;
  switch (element.type) {
    case 'plain_text_input': {
      const value = typeof entered === 'string' ? entered : '';
      const field = element.multiline
        ? html`<textarea name="${name}" aria-describedby="${explained}" rows="3">${value}</textarea>`
        : html`<input name="${name}" aria-describedby="${explained}" autocomplete="off" value="${value}" />`;
      return html`<p><label>${words} ${field}</label> ${explanation}</p>`;
    }
    case 'checkboxes': {
      const ticked =
        entered === undefined ? element.initial_options?.map(({ value }) => value) : [entered].flat();
      return html`<fieldset aria-describedby="${explained}">
        <legend>${words}</legend>
        <input type="hidden" name="${name}" value="" />
        ${element.options.map(
          ({ value, text }) =>
            html`<label class="choice"
              ><input
                type="checkbox"
                name="${name}"
                value="${value}"
                ${ticked?.includes(value) ? 'checked' : ''}
              />
              ${text.text}</label
            >`,
        )}
        ${explanation}
      </fieldset>`;
    }
    case 'static_select': {
      const chosen = entered === undefined ? element.initial_option?.value : String(entered);
      return html`<p>
        <label
          >${words}
          <select name="${name}" aria-describedby="${explained}">
            ${element.options.map(
              ({ value, text }) =>
                html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${text.text}</option>`,
            )}
          </select></label
        >
        ${explanation}
      </p>`;
    }
  }
}

export function modalBlock(
  block: ModalBlock,
  entered: Entered,
  errors: Readonly<Record<string, string>>,
): Html | Html[] {
  switch (block.type) {
    case 'input':
      return input(block, entered[block.block_id], errors[block.block_id]);
    case 'header':
      return html`<h3>${block.text.text}</h3>`;
    case 'section':
      return html`<p class="rich">${block.text.text}</p>`;
    case 'rich_text':
      return block.elements.map(richElement);
  }
}
