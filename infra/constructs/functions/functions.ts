import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type BundledName, FUNCTIONS, type FunctionName, functionNames } from '../../all-functions.ts';
import type { Resources } from '../../grants/grant.ts';
import type { EventSources, FunctionSpec } from './function-spec.ts';
import { type MadeFunction, makeFunction } from './make-function.ts';

/** Folders of bundled code by function. Absent where the sandbox bundles them for itself. */
export type FunctionCode = Readonly<Record<BundledName, { readonly folder: string }>>;

type Props = Omit<Resources, 'scope'> & { readonly code?: FunctionCode };

/** All functions, each with a role of its own. */
export class Functions extends Construct {
  readonly #made: ReadonlyMap<FunctionName, MadeFunction>;
  readonly #resources: Resources;

  constructor(scope: Construct, id: string, { code, ...resources }: Props) {
    super(scope, id);
    this.#resources = { scope: this, ...resources };
    this.#made = new Map(
      functionNames.map((name) => [
        name,
        makeFunction(this, name, FUNCTIONS[name], this.#resources, code?.[name].folder),
      ]),
    );
  }

  of(name: FunctionName): LambdaFunction {
    return this.#find(name).made;
  }

  roleOf(name: FunctionName): Role {
    return this.#find(name).role;
  }

  /** Makes what calls the functions by events. Last: the sources refer to functions themselves. */
  connect(sources: EventSources): void {
    const stack = Stack.of(this);
    const { undelivered } = this.#resources.queues;
    for (const name of functionNames) {
      const { events }: FunctionSpec = FUNCTIONS[name];
      events?.({ ...sources, stack, undelivered, target: this.of(name) });
    }
  }

  #find(name: FunctionName): MadeFunction {
    const found = this.#made.get(name);
    if (!found) throw new Error(`there is no function ${name}`);
    return found;
  }
}
