import { AwsError } from '../../gateway/wire/aws-error.ts';

/** An error of the Step Functions API, by its name there. All of them are the caller's: HTTP 400. */
export function statesError(code: string, message: string): AwsError {
  return new AwsError(code, message, 400);
}
