import type { CatalogFile } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import type { NamedCall, Need } from '../identify/named-call.ts';
import type { Detector } from './detectors.ts';
import { makeNode, masksStream } from './mask-node.ts';
import { type AttributesMask, type FieldsMask, type Mask, meansOperation } from './masks-config.ts';

/** What of an answer is masked: attributes of items, members by their paths, all that is sensitive, what is found. */
export type MaskPlan = {
  readonly attributes: readonly string[];
  readonly fields: readonly string[];
  readonly sensitive: boolean;
  readonly detect: readonly Detector[];
};
export const NOTHING_MASKED: MaskPlan = { attributes: [], fields: [], sensitive: false, detect: [] };

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
export function makePlanMask(masks: readonly Mask[], catalog: CatalogFile, home: Placeholders) {
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
    const detect = [...new Set(applying.flatMap((mask) => mask.detect))];
    return { outcome: 'mask', plan: { ...NOTHING_MASKED, attributes, detect } };
  }

  function planFields(
    { service, operation }: NamedCall,
    masked: readonly FieldsMask[],
    isStrict: boolean,
  ): Planned {
    const applying = masked.filter((mask) => meansOperation(mask, service, operation));
    const fields = applying.flatMap((mask) => mask.fields);
    const detect = [...new Set(applying.flatMap((mask) => mask.detect))];
    const sensitive = (isStrict || applying.some((mask) => mask.sensitive)) && operation.answersSensitive;
    if (fields.length === 0 && detect.length === 0 && !sensitive) return { outcome: 'nothing' };
    const shapes = service.shapes();
    const answer = shapes.answer(operation.name);
    if (answer === undefined) return { outcome: 'nothing' };
    return masksStream(makeNode(answer, fields, sensitive, shapes), detect.length > 0)
      ? { outcome: 'refuse', because: 'its answer should be masked, and is a stream' }
      : { outcome: 'mask', plan: { ...NOTHING_MASKED, fields, detect, sensitive } };
  }

  function planFor(
    call: NamedCall,
    needs: readonly Need[],
    isMasked: (mask: Mask) => boolean,
    isStrict: boolean,
  ): Planned {
    const tables = planTables(call, needs, ofTables.filter(isMasked));
    const fields = planFields(call, ofOperations.filter(isMasked), isStrict);
    if (tables.outcome === 'refuse' || fields.outcome === 'nothing') return tables;
    if (fields.outcome === 'refuse' || tables.outcome === 'nothing') return fields;
    const detect = [...new Set([...tables.plan.detect, ...fields.plan.detect])];
    return { outcome: 'mask', plan: { ...fields.plan, attributes: tables.plan.attributes, detect } };
  }

  return {
    /** What whoever is in these groups is not shown. */
    forCaller: (call: NamedCall, needs: readonly Need[], groups: readonly string[]): Planned =>
      planFor(
        call,
        needs,
        ({ exceptGroups }) => !exceptGroups.some((group) => groups.includes(group)),
        false,
      ),

    /** What nobody is excepted from, and all that the models call sensitive: for what is kept. */
    forArchive: (call: NamedCall, needs: readonly Need[]): Planned => planFor(call, needs, () => true, true),
  };
}
export type PlanMask = ReturnType<typeof makePlanMask>;
