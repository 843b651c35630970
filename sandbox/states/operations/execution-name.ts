import { statesError } from '../states-error.ts';

/**
 * Characters an execution's name may not hold: white space, brackets, wildcards, `" # % \ ^ | ~ \` $ & , ; : /`,
 * control characters, and what is no character.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS forbids exactly these.
  /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/;

/** Throws InvalidName for a name that AWS refuses. Its length is the request schema's matter. */
export function checkExecutionName(name: string): void {
  if (FORBIDDEN.test(name)) throw statesError('InvalidName', `Invalid Name: '${name}'`);
}
