/** An error as the Web API answers it. @see https://docs.slack.dev/apis/web-api/#responses */
export class SlackError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
