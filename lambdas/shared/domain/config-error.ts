/** A configuration file that cannot be used: stops `npm start`, the tests and `synth`, and says what to mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(file: string, line: number | undefined, problem: string) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`);
  }
}

/** The line, from 1, that a character offset falls on. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
