import { readFileSync } from 'node:fs';
import type { AslDefinition, JsonValue } from '../../../sandbox/states/asl-types.ts';

/** What a function does at one call; its last step is repeated. */
export type Step = {
  readonly answers?: JsonValue;
  readonly throws?: string;
  readonly afterSeconds?: number;
  /** What becomes, a second later, of the task whose token the function was given. */
  readonly then?: {
    readonly succeed?: JsonValue;
    readonly fail?: readonly [error: string, cause: string];
    readonly stop?: readonly [error: string, cause: string];
  };
};

/** A case of test/cases/asl: what the functions do, what of the definition is otherwise, and the input. */
export type AslCase = {
  readonly name: string;
  readonly machine?: string;
  readonly functions: Readonly<Record<string, readonly Step[]>>;
  /** By path: `AwaitClaim.TimeoutSeconds`, or `TimeoutSeconds` of the execution. */
  readonly changes?: Readonly<Record<string, number>>;
  readonly input?: { readonly [key: string]: JsonValue };
};

/** A case as both interpreters run it. */
export type Prepared = {
  readonly name: string;
  readonly definition: AslDefinition;
  readonly functions: Readonly<Record<string, readonly Step[]>>;
  readonly input: JsonValue;
};

/** What functions do that a case says nothing of. */
const DEFAULTS: AslCase['functions'] = {
  LoadPolicy: [{ answers: { policy: 'p' } }],
  ReviewRequest: [{ answers: { outcome: 'proposal' } }],
  ValidateDecision: [{ answers: { outcome: 'deny' } }],
  RequestApproval: [{ answers: null }],
  TallyVotes: [{ answers: { votes: 0 } }],
  AwaitClaim: [{ answers: null }],
  AssumeRole: [{ answers: { id: 'ASIA' } }],
  ApplyChange: [{ answers: { version: 2 } }],
  WriteLog: [{ answers: { outcome: 'denied' } }],
  RevokeSession: [{ answers: { revoked: false } }],
  LiftRevocation: [{ answers: { lifted: 1 } }],
};

/** Repeated text is written short in a case: `{"repeats": {"text": "x", "times": 300000}}`. */
function spelledOut(value: JsonValue | undefined): JsonValue | undefined {
  const { repeats } = (value ?? {}) as { repeats?: { text: string; times: number } };
  return repeats ? repeats.text.repeat(repeats.times) : value;
}

/** The committed definition with a case's changes. Retries wait for a second at most, in every case alike. */
export function prepareCase({ name, machine = 'access-request', ...asked }: AslCase): Prepared {
  const text = readFileSync(`statemachines/${machine}.asl.json`, 'utf8')
    .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:eu-central-1:123456789012:function:$1')
    .replaceAll('${Partition}', 'aws');
  const definition = JSON.parse(text) as AslDefinition;
  for (const { Retry = [] } of Object.values(definition.States))
    for (const retrier of Retry) Object.assign(retrier, { IntervalSeconds: 1, MaxDelaySeconds: 1 });
  for (const [path, seconds] of Object.entries(asked.changes ?? {})) {
    const [state = '', field] = path.split('.');
    Object.assign(field ? (definition.States[state] ?? {}) : definition, { [field ?? state]: seconds });
  }
  const functions = Object.fromEntries(
    Object.entries({ ...DEFAULTS, ...asked.functions }).map(([fn, steps]) => [
      fn,
      steps.map((step) => ({
        ...step,
        ...('answers' in step && { answers: spelledOut(step.answers) ?? null }),
      })),
    ]),
  );
  return {
    name,
    definition,
    functions,
    input: { case: name, ...(asked.input ?? { request: { dryRun: false } }) },
  };
}
