/** Names whose values only the workflow needs: whoever has a token could answer for somebody. */
const HIDDEN = /^(taskToken|claimToken|sealed|secretAccessKey|sessionToken|privateKey|mac)$/i;

/** A JSON text with such values left out, indented; a text that is no JSON as it is. */
export function readableJson(text: string | undefined): string {
  if (text === undefined) return '';
  try {
    return JSON.stringify(JSON.parse(text), (name, value) => (HIDDEN.test(name) ? '(hidden)' : value), 2);
  } catch {
    return text;
  }
}
