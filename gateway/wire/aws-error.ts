/** An error as AWS answers it: a code, a message, the HTTP status, and what the service's own error says besides. */
export class AwsError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    httpStatus: number,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.httpStatus = httpStatus;
    this.details = details;
  }
}
