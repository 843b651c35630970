/** A Lambda function as the sandbox runs it. */
export type FunctionSpec = {
  name: string;
  arn: string;
  /** URL of the handler's module. */
  entry: string;
  /**
   * URL of what runs in the thread, bundled; the repository's own without it. Node's reader of TypeScript takes ten
   * megabytes a thread, and as long to load as the thread itself.
   */
  thread?: string;
  /** The whole environment of the function: nothing of the host's is added. */
  env: Record<string, string>;
  timeoutSeconds: number;
  /** Where Node keeps what it compiled of the bundles: the next thread that loads them takes half the time. */
  compileCache?: string;
};
