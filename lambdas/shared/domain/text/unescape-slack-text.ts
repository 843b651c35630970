/**
 * The text that somebody typed: Slack sends `&`, `<` and `>` of commands as entities. Once, so that a typed `&amp;lt;`
 * stays what it is.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export const unescapeSlackText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
