/** What the sandbox and a function's thread say to each other. Events and results travel as JSON text, as on Lambda. */
export type InvokeMessage = { id: string; event: string; deadline: number };

export type ThreadMessage =
  | { kind: 'ready' }
  | { kind: 'result'; id: string; result: string }
  | { kind: 'error'; id: string; errorType: string; errorMessage: string };

export type ThreadData = {
  /** URL of the handler's module. */
  entry: string;
  functionArn: string;
  compileCache?: string;
  /** How far the thread's time of day is ahead, in milliseconds; the machine's own without it. */
  aheadMs?: SharedArrayBuffer;
};
