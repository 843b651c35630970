import { openPlaceholders } from '../gateway/identify/iam/arn-template.ts';
import { coreName, isSameName } from '../gateway/identify/iam/core-name.ts';
import { PREFIXES } from '../gateway/identify/iam/exceptions.ts';
import { openIamData } from '../gateway/identify/iam/open-iam-data.ts';
import { type MemberShape, type Model, type ModelOperation, type Shape, shapeOf } from './botocore-model.ts';

const NAMING = /(?:Id|Identifier|Name|Arn)s?$/i;
const MAKING = /^(?:Create|Allocate|Associate|Export|Import|Purchase|Request|Start)[A-Z]/;
/** Structures whose names and values say nothing of what a call is on. */
const OF_NO_RESOURCE = /^(?:Tags?|TagSpecifications?|Filters?)$/i;

const iam = openIamData();
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const protocolOf = ({ metadata }: Model) => metadata.protocol ?? metadata.protocols?.[0] ?? 'json';

/** The shape of a text, or of each text of a list. */
function textShape(model: Model, { shape: name }: MemberShape): string | undefined {
  const shape = shapeOf(model, name);
  const leaf = shape.type === 'list' && shape.member ? shape.member.shape : name;
  return shapeOf(model, leaf).type === 'string' ? leaf : undefined;
}

/** What a model calls a parameter's text, where it says another name than the parameter does. */
export function namedByShape(model: Model, name: string, member: MemberShape): string | undefined {
  const shape = textShape(model, member);
  if (shape === undefined || !NAMING.test(shape) || coreName(shape) === '') return undefined;
  return coreName(shape) === coreName(name) ? undefined : shape;
}

/** How a member's name is written before those of its members: `SecurityGroupRule.N` of a list in a form of EC2. */
function written(model: Model, name: string, member: MemberShape): string {
  const protocol = protocolOf(model);
  const shape = shapeOf(model, member.shape);
  const own =
    protocol === 'ec2'
      ? (member.queryName ?? capital(member.locationName ?? name))
      : (member.locationName ?? name);
  if (shape.type !== 'list') return own;
  const isFlat = protocol !== 'query' || shape.flattened || member.flattened;
  return isFlat ? `${own}.N` : `${own}.${shape.member?.locationName ?? 'member'}.N`;
}

type Text = { readonly path: string; readonly name: string; readonly shape: string };

/** The texts that a shape holds at whichever depth, but for those of maps, whose names callers choose. */
function textsWithin(model: Model, shape: Shape, before: string, above: readonly Shape[] = []): Text[] {
  if (above.includes(shape) || above.length > 5) return [];
  return Object.entries(shape.members ?? {}).flatMap(([name, member]) => {
    if (OF_NO_RESOURCE.test(name)) return [];
    const path = `${before}${written(model, name, member)}`;
    const text = textShape(model, member);
    if (text !== undefined) return [{ path, name, shape: text }];
    const target = shapeOf(model, member.shape);
    const inner = target.type === 'list' && target.member ? shapeOf(model, target.member.shape) : target;
    return inner.type === 'structure' ? textsWithin(model, inner, `${path}.`, [...above, shape]) : [];
  });
}

/** The placeholders of all kinds of resources that the operation's action is on. */
function placeholdersOf({ metadata }: Model, operation: string): ReadonlySet<string> {
  const signing = metadata.signingName ?? metadata.endpointPrefix;
  const service = iam.service(PREFIXES[signing] ?? signing);
  const kinds = service?.action(operation)?.row[1] ?? [];
  const templates = kinds.flatMap(([kind]) => service?.resources[kind]?.[0] ?? []);
  return new Set(templates.flatMap(openPlaceholders));
}

/** `placeholder:path` of what says within other parameters which resources a call is on. */
export function saidWithin(model: Model, name: string, { input }: ModelOperation): readonly string[] {
  if (!input) return [];
  const wanted = [...placeholdersOf(model, name)];
  return textsWithin(model, shapeOf(model, input.shape), '').flatMap((text) => {
    if (!text.path.replace(/\.N$/, '').includes('.')) return [];
    const found = wanted.filter((each) => isSameName(text.name, each) || isSameName(text.shape, each));
    return found.map((each) => `${each}:${text.path}`);
  });
}

/**
 * The ids that an operation which makes something answers, of itself or of the one structure in its answer, and that
 * nothing in its request could have said.
 */
export function idsMade(model: Model, name: string, { input, output }: ModelOperation): readonly string[] {
  if (!MAKING.test(name) || !output) return [];
  const texts = input ? textsWithin(model, shapeOf(model, input.shape), '') : [];
  const answer = Object.entries(shapeOf(model, output.shape).members ?? {});
  const inner = answer.flatMap(([, { shape }]) => Object.entries(shapeOf(model, shape).members ?? {}));
  const ids = [...answer, ...inner].filter(
    ([each, member]) => /Ids?$/.test(each) && textShape(model, member) !== undefined,
  );
  return [...new Set(ids.map(([each]) => each))].filter(
    (each) => !texts.some(({ name: said, shape }) => isSameName(said, each) || isSameName(shape, each)),
  );
}
