/** How a task ended badly, as `Retry`, `Catch` and the history see it: `error` is the ASL error name. */
export class TaskError extends Error {
  override readonly name: string;

  constructor(error: string, cause = '') {
    super(cause);
    this.name = error;
  }
}

/** `States.Timeout`: the wait, or the function, took longer than the state allows. */
export class TaskTimeout extends TaskError {
  constructor() {
    super('States.Timeout');
  }
}

/**
 * An error no `Retry` or `Catch` may stop: the engine reads the two flags (they are its own convention).
 * `States.Runtime` and `States.DataLimitExceeded` are of this kind on AWS too.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class TerminalError extends TaskError {
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** Ends the engine's run of an execution that is already closed, so that no further state is entered. */
export class ExecutionClosed extends TerminalError {
  constructor() {
    super('ExecutionClosed', 'The execution is closed.');
  }
}
