import { AwsError } from '../../gateway/wire/aws-error.ts';
import type { Authorization } from './authorize.ts';
import type { AwsCall, AwsService } from './types.ts';

type Answer = unknown;

/** One operation of a service: what IAM must allow for it, and what it answers. */
export type Operation = {
  readonly needs: (call: AwsCall) => Authorization[];
  readonly run: (call: AwsCall) => Answer | Promise<Answer>;
};

export type Operations = Readonly<Record<string, Operation>>;

/** What a call needs that the sandbox does not imitate. Throws AwsError where AWS has no such operation. */
export type NameOthers = (call: AwsCall) => Authorization[];

const operationIn = (operations: Operations, { operation }: AwsCall): Operation | undefined =>
  Object.hasOwn(operations, operation) ? operations[operation] : undefined;

/**
 * A service of these operations. For all others of AWS's too IAM is asked first: who may not make a call is told so,
 * and not that the sandbox lacks it.
 */
export function serviceOf(name: string, operations: Operations, nameOthers: NameOthers): AwsService {
  return {
    name,
    authorizations: (call) => operationIn(operations, call)?.needs(call) ?? nameOthers(call),
    async handle(call) {
      const operation = operationIn(operations, call);
      if (operation) return operation.run(call);
      throw new AwsError('NotImplemented', `The sandbox's ${name} has no ${call.operation}.`, 501);
    },
  };
}

/** A call that IAM must allow as one action on one resource. */
export const needing =
  (action: string, resourceOf: (call: AwsCall) => string): Operation['needs'] =>
  (call) => [{ action, resource: resourceOf(call) }];

/** A parameter that a call must have. Throws ValidationException. */
export function textIn({ input }: AwsCall, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('ValidationException', `${name} must be given.`, 400);
}

/** A whole number within bounds, or its default. Throws ValidationException. */
export function numberIn(
  { input }: AwsCall,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const value = input[name] ?? otherwise;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)
    return number;
  throw new AwsError('ValidationException', `${name} must be between ${least} and ${most}.`, 400);
}
