import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import type { NamedCall, Need } from '../identify/named-call.ts';
import type { Models } from '../identify/read-models.ts';
import { type AttributesMask, type FieldsMask, type Mask, operationOf } from './masks-config.ts';

/** What of an answer is masked. */
export type MaskPlan = { readonly attributes: readonly string[]; readonly fields: readonly string[] };

/** Nothing to mask, what to mask, or a call that would show what is masked in a way that no mask reaches. */
export type Planned =
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'mask'; readonly plan: MaskPlan }
  | { readonly outcome: 'refuse'; readonly because: string };

/** Calls on a table whose answers hold items as JSON, or hold none. */
const READABLE = new Set([
  ...['GetItem', 'BatchGetItem', 'TransactGetItems', 'Query', 'Scan'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems', 'DescribeTable'],
]);

/** Every text that a value holds, names of members among them. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) {
      yield name;
      yield* textsIn(item);
    }
  }
}

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\{}-]/g, '\\$&');

/** The first masked attribute that a call names: in a filter, a condition, a projection or a copy it would show itself. */
function namedIn(parameters: NamedCall['parameters'], attributes: readonly string[]): string | undefined {
  const texts = [...textsIn(parameters)];
  return attributes.find((attribute) => {
    const word = new RegExp(`(?<![A-Za-z0-9_])${escaped(attribute)}(?![A-Za-z0-9_])`);
    return texts.some((text) => word.test(text));
  });
}

/** Plans what of a call's answer is masked, for whom. */
export function makePlanMask(
  masks: readonly Mask[],
  catalog: CatalogFile,
  home: Placeholders,
  models: Models,
) {
  const ofTables = masks.flatMap((mask) => ('table' in mask ? [mask] : []));
  const ofOperations = masks.flatMap((mask) => ('table' in mask ? [] : [mask]));
  const arns = new Map(
    catalog.resources.map((resource) => [resource.key, resolveArns(resource, home).arns] as const),
  );

  /** An index, a stream or a backup of a table shows its items too. */
  const isOn = ({ table }: AttributesMask, { resource }: Need): boolean =>
    resource.kind === 'known' &&
    (arns.get(table) ?? []).some((arn) => resource.arn === arn || resource.arn.startsWith(`${arn}/`));

  function planTables(call: NamedCall, needs: readonly Need[], masked: readonly AttributesMask[]): Planned {
    const isUnknown = needs.some(
      ({ action, resource }) => resource.kind === 'unknown' && action.startsWith('dynamodb:'),
    );
    if (isUnknown && masked.length > 0)
      return { outcome: 'refuse', because: 'a table that is not known, where one is masked' };
    const applying = masked.filter((mask) => needs.some((need) => isOn(mask, need)));
    if (applying.length === 0) return { outcome: 'nothing' };
    if (
      call.service.signing !== 'dynamodb' ||
      call.protocol !== 'json' ||
      !READABLE.has(call.operation.name)
    ) {
      return { outcome: 'refuse', because: `${call.operation.name} shows what is masked` };
    }
    const attributes = [...new Set(applying.flatMap((mask) => mask.attributes))];
    const found = namedIn(call.parameters, attributes);
    if (found !== undefined) return { outcome: 'refuse', because: `it names ${found}, which is masked` };
    return { outcome: 'mask', plan: { attributes, fields: [] } };
  }

  function fieldsOf(call: NamedCall, masked: readonly FieldsMask[]): readonly string[] {
    const applying = masked.filter((mask) => {
      const found = operationOf(mask, models);
      return found?.service.id === call.service.id && found.operation.name === call.operation.name;
    });
    return applying.flatMap(({ fields, sensitive }) => [
      ...fields,
      ...(sensitive ? call.operation.sensitive : []),
    ]);
  }

  return (call: NamedCall, needs: readonly Need[], groups: readonly string[]): Planned => {
    const isMasked = ({ exceptGroups }: Mask) => !exceptGroups.some((group) => groups.includes(group));
    const planned = planTables(call, needs, ofTables.filter(isMasked));
    const fields = fieldsOf(call, ofOperations.filter(isMasked));
    if (planned.outcome === 'refuse' || fields.length === 0) return planned;
    if (call.protocol !== 'json' && call.protocol !== 'rest-json') {
      return { outcome: 'refuse', because: 'its answer should be masked, and is no JSON' };
    }
    const attributes = planned.outcome === 'mask' ? planned.plan.attributes : [];
    return { outcome: 'mask', plan: { attributes, fields } };
  };
}
export type PlanMask = ReturnType<typeof makePlanMask>;
