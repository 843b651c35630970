import type { Authorization, Observation } from '../../sandbox/aws/authorize.ts';
import type { ResolvedTemplate } from '../../sandbox/template/types.ts';
import { functionNamesOf, makeMay } from './function-roles.ts';

/** What a function asked of AWS, once however often it asked. */
export type RecordedCall = Authorization & { readonly functionName: string };

/** A function's own session: the sandbox names it after the function. */
const SESSION = /:assumed-role\/postern-([^/]+)\/postern-\1$/;

/** Records what every function asks of AWS, until it is ended. */
export function recordCalls(observe: (observer: (seen: Observation) => void) => () => void) {
  const calls = new Map<string, RecordedCall>();
  const end = observe(({ caller, service: _, operation: __, allowed: ___, ...asked }) => {
    const functionName = SESSION.exec(caller.arn)?.[1];
    if (!functionName) return;
    const call = { functionName, ...asked };
    calls.set(JSON.stringify(call), call);
  });
  return { calls: (): RecordedCall[] => [...calls.values()], end };
}

/** Those of the calls that the roles as synthesised do not allow, as lines. */
export async function refusedOf(
  calls: readonly RecordedCall[],
  template: ResolvedTemplate,
): Promise<string[]> {
  const may = makeMay(template);
  const known = new Set(functionNamesOf(template));
  const answers = await Promise.all(
    calls.map(async ({ functionName, ...asked }) =>
      known.has(functionName) && (await may(functionName, asked))
        ? []
        : [`${functionName}: ${asked.action} on ${asked.resource}`],
    ),
  );
  return answers.flat();
}
