import type { Fault } from './fault-proxy.ts';
import { oneOf, type Random } from './random.ts';

/** What the broker depends on, by the name in the signature's scope where it is AWS. */
export const DEPENDENCIES = [
  // First, while nothing is cached yet.
  'secretsmanager',
  'dynamodb',
  'sts',
  'kms',
  'states',
  's3',
  'reviewer',
  'slack',
] as const;
export type Dependency = (typeof DEPENDENCIES)[number];

export const KINDS = ['failing', 'once', 'cut', 'slow'] as const;
type Kind = (typeof KINDS)[number];

/** One dependency, and what is wrong with it. */
export type Trouble = { readonly dependency: Dependency; readonly kind: Kind };

/** A call of a function, as far as faults are chosen by it. */
export type FunctionCall = {
  readonly dependency: Dependency;
  readonly functionName: string;
  readonly operation: string;
};

const SLOW_MS = { least: 50, most: 400 };
/** Of calls whose answer may be cut, so many are. */
const CUT_SHARE = 0.3;

/** Chooses what becomes of each call while one dependency has one kind of trouble; nothing until it is told of one. */
export function makeFaults(random: Random) {
  let trouble: Trouble | undefined;
  let failedOnce = new Set<string>();
  let injected = 0;

  function faultOf(kind: Kind, { functionName, operation }: FunctionCall): Fault | undefined {
    const failure = () => oneOf<Fault>(random, [{ status: 500 }, { status: 503 }, 'reset']);
    switch (kind) {
      case 'failing':
        return failure();
      case 'once': {
        const key = `${functionName} ${operation}`;
        if (failedOnce.has(key)) return undefined;
        failedOnce.add(key);
        return failure();
      }
      case 'cut':
        return random() < CUT_SHARE ? 'cut' : undefined;
      case 'slow':
        return { delayMs: SLOW_MS.least + random() * (SLOW_MS.most - SLOW_MS.least) };
    }
  }

  return {
    decide(call: FunctionCall): Fault | undefined {
      if (trouble?.dependency !== call.dependency) return undefined;
      const fault = faultOf(trouble.kind, call);
      if (fault) injected += 1;
      return fault;
    },
    /** From here on this trouble alone, or none. */
    set(next: Trouble | undefined): void {
      trouble = next;
      failedOnce = new Set();
      injected = 0;
    },
    /** Faults since the trouble began. */
    injected: () => injected,
  };
}
