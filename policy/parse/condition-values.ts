import type { OperatorName } from './policy-model.ts';
import { readDate } from './read-date.ts';
import { readIpRange } from './read-ip-range.ts';
import { readNumber } from './read-number.ts';

/**
 * Policy variables stand for texts: AWS takes them for strings and ARNs alone.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-using-variables
 */
export const takesVariables = (name: OperatorName): boolean =>
  name.startsWith('String') || name.startsWith('Arn');

/** Whether a policy may compare with this under the operator: a number with a number, and so on. */
export function isConditionValue(name: OperatorName, text: string): boolean {
  if (name.startsWith('Numeric')) return readNumber(text) !== undefined;
  if (name.startsWith('Date')) return readDate(text) !== undefined;
  if (name.endsWith('IpAddress')) return readIpRange(text) !== undefined;
  if (name === 'Bool' || name === 'Null') return /^(?:true|false)$/i.test(text);
  if (name === 'BinaryEquals') {
    return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  }
  return true;
}
