import type { types } from '@slack/bolt';

/**
 * Pieces of Slack's rich text. INVARIANT: whatever is put into them is shown as it is; rich text knows no
 * markup, so that `<!channel>` or a forged link in somebody's words stays words.
 * @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export type Piece = types.RichTextElement;

export const text = (words: string): Piece => ({ type: 'text', text: words });
export const bold = (words: string): Piece => ({ type: 'text', text: words, style: { bold: true } });
export const code = (words: string): Piece => ({ type: 'text', text: words, style: { code: true } });
export const link = (url: string, words: string): Piece => ({ type: 'link', url, text: words });

/** A moment, in the one zone that messages, notifications and answers share. The timestamp is ISO 8601. */
export const moment = (timestamp: string): Piece => text(utcTime(timestamp));

/** `14:20 UTC`. */
export const utcTime = (timestamp: string): string =>
  `${new Date(timestamp).toISOString().slice(11, 16)} UTC`;

export const lines = (...content: Piece[][]): types.RichTextSection => ({
  type: 'rich_text_section',
  elements: content
    .filter((line) => line.length > 0)
    .flatMap((line, index) => (index ? [text('\n'), ...line] : line)),
});

export const quoted = (words: string): types.RichTextQuote => ({
  type: 'rich_text_quote',
  elements: [{ type: 'text', text: words }],
});

export const preformatted = (words: string): types.RichTextPreformatted => ({
  type: 'rich_text_preformatted',
  elements: [{ type: 'text', text: words }],
});

/** Characters of one block that stay readable, and that Slack takes. */
const MOST_OF_A_BLOCK = 2_500;

/**
 * A long text, whole, over as many blocks as it takes: whoever decides must be able to read all of it.
 * `draw` makes an element of each part.
 */
export function wholeText(
  blockId: string,
  heading: string,
  words: string,
  draw: (part: string) => types.RichTextBlockElement,
): types.RichTextBlock[] {
  const characters = [...words];
  const parts = Array.from({ length: Math.ceil(characters.length / MOST_OF_A_BLOCK) }, (_, index) =>
    characters.slice(index * MOST_OF_A_BLOCK, (index + 1) * MOST_OF_A_BLOCK).join(''),
  );
  return parts.map((part, index) =>
    index === 0
      ? richText(blockId, lines([bold(heading)]), draw(part))
      : richText(`${blockId}-${index + 1}`, draw(part)),
  );
}

export const richText = (
  blockId: string,
  ...elements: types.RichTextBlockElement[]
): types.RichTextBlock => ({
  type: 'rich_text',
  block_id: blockId,
  elements,
});

/** Cut to a length, and says so. */
export const cut = (words: string, most: number): string =>
  words.length <= most ? words : `${words.slice(0, most - 1)}…`;
