/** What TypeScript's library does not know yet. @see https://tc39.es/proposal-json-parse-with-source/ */
const json = JSON as unknown as {
  rawJSON(text: string): { readonly rawJSON: string };
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};
const parse = JSON.parse as (
  text: string,
  revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

export const isRawJson = (value: unknown): value is { readonly rawJSON: string } => json.isRawJSON(value);

/** The value of a JSON text whose numbers are written again as they stood, however large or exact. Throws SyntaxError. */
export const parseExactly = (text: string): unknown =>
  parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? json.rawJSON(source)
      : value,
  );
