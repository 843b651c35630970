/**
 * The one text of a message that Slack reads markup and mentions in, so that it finds none.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export const escapeSlackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
