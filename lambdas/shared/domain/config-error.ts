/** A configuration file that cannot be used: stops `npm start`, the tests and `synth`, and says what to mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  readonly file: string;
  readonly line: number | undefined;
  readonly problem: string;

  constructor(file: string, line: number | undefined, problem: string) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`);
    this.file = file;
    this.line = line;
    this.problem = problem;
  }

  /** As another process told it, whose message names file and line already. */
  static told(message: string): ConfigError {
    const [file = '', ...problem] = message.split(': ');
    return new ConfigError(file, undefined, problem.join(': '));
  }
}

/** The line, from 1, that a character offset falls on. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
