/** A function's error as its caller sees it: the errorType as name, the errorMessage as message, no stack of it. */
export class FunctionError extends Error {
  override readonly name: string;

  constructor(errorType: string, errorMessage: string) {
    super(errorMessage);
    this.name = errorType;
  }
}

/** What Lambda reports where the runtime went away under an invocation. Step Functions shows it by this name. */
export function exitError(requestId: string, detail: string): FunctionError {
  return new FunctionError('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited: ${detail}`);
}

/** What Lambda reports where a function took longer than its own timeout. */
export function timeoutError(requestId: string, timeoutSeconds: number): FunctionError {
  return new FunctionError(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  );
}
