import * as z from 'zod';

/** Slack's limits on characters. @see https://docs.slack.dev/reference/block-kit/blocks */
const text = (most: number) => z.string().min(1).max(most);
const plainText = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(most), emoji: z.boolean().optional() });
const blockId = text(255).optional();
const actionId = text(255);

const style = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
});
const pieceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: text(40_000), style: style.optional() }),
  z.strictObject({
    type: z.literal('link'),
    url: z.url().max(3000),
    text: text(40_000).optional(),
    style: style.optional(),
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: text(255),
    fallback: text(255).optional(),
  }),
]);
export type RichPiece = z.infer<typeof pieceSchema>;

const richTextSchema = z.strictObject({
  type: z.literal('rich_text'),
  block_id: blockId,
  elements: z
    .array(
      z.strictObject({
        type: z.enum(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']),
        elements: z.array(pieceSchema),
      }),
    )
    .min(1),
});

const confirmSchema = z.strictObject({
  title: plainText(100),
  text: plainText(300),
  confirm: plainText(30),
  deny: plainText(30),
});
const buttonSchema = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirmSchema.optional(),
});
export type Button = z.infer<typeof buttonSchema>;

const optionSchema = z.strictObject({ value: text(150), text: plainText(75) });
const fieldSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id: actionId,
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
  }),
  z.strictObject({
    type: z.literal('checkboxes'),
    action_id: actionId,
    options: z.array(optionSchema).min(1).max(10),
    initial_options: z.array(optionSchema).min(1).optional(),
  }),
  z.strictObject({
    type: z.literal('static_select'),
    action_id: actionId,
    options: z.array(optionSchema).min(1).max(100),
    initial_option: optionSchema.optional(),
  }),
]);
const inputSchema = z.strictObject({
  type: z.literal('input'),
  block_id: text(255),
  optional: z.boolean().optional(),
  label: plainText(2000),
  hint: plainText(2000).optional(),
  element: fieldSchema,
});
export type InputBlock = z.infer<typeof inputSchema>;

const headerSchema = z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) });
const sectionSchema = z.strictObject({
  type: z.literal('section'),
  block_id: blockId,
  text: plainText(3000),
});
const actionsSchema = z
  .strictObject({
    type: z.literal('actions'),
    block_id: blockId,
    elements: z.array(buttonSchema).min(1).max(25),
  })
  .refine(({ elements }) => areUnique(elements.map(({ action_id }) => action_id)));

const areUnique = (ids: readonly (string | undefined)[]): boolean => {
  const given = ids.filter((id) => id !== undefined);
  return new Set(given).size === given.length;
};

/** The blocks that Postern uses. Others are refused, as Slack refuses what it does not know. */
const blocksOf = <Schema extends z.ZodType<{ block_id?: string | undefined }>>(
  schema: Schema,
  most: number,
) =>
  z
    .array(schema)
    .max(most)
    .refine((blocks) => areUnique(blocks.map(({ block_id }) => block_id)));

export const messageBlocksSchema = blocksOf(
  z.discriminatedUnion('type', [headerSchema, sectionSchema, actionsSchema, richTextSchema]),
  50,
);
export type MessageBlock = z.infer<typeof messageBlocksSchema>[number];

export const modalSchema = z
  .strictObject({
    type: z.literal('modal'),
    callback_id: text(255),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    private_metadata: z.string().max(3000).default(''),
    blocks: blocksOf(
      z.discriminatedUnion('type', [headerSchema, sectionSchema, richTextSchema, inputSchema]),
      100,
    ),
  })
  // A modal that asks for something has a button that sends it off.
  .refine(({ submit, blocks }) => submit !== undefined || !blocks.some(({ type }) => type === 'input'));
export type Modal = z.infer<typeof modalSchema>;
export type ModalBlock = Modal['blocks'][number];
