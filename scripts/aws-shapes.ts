import type { ShapesRow } from '../gateway/identify/shapes.ts';
import { KINDS, type MemberShape, type Model, type Shape, shapeOf } from './botocore-model.ts';

/** Places of members that stand outside of a body. */
const PLACES: Readonly<Record<string, string>> = {
  header: 'h',
  headers: 'H',
  statusCode: 'c',
  querystring: 'q',
  uri: 'u',
};

const targetsOf = (shape: Shape): readonly MemberShape[] =>
  [...Object.values(shape.members ?? {}), shape.value, shape.member].flatMap((member) => member ?? []);

/** Whether a shape holds a member that the model calls sensitive. */
export function holdsSensitive(model: Model, shapeName: string, seen = new Set<string>()): boolean {
  if (seen.has(shapeName)) return false;
  seen.add(shapeName);
  const shape = shapeOf(model, shapeName);
  if (shape.sensitive) return true;
  return targetsOf(shape).some(
    (member) => member.sensitive === true || holdsSensitive(model, member.shape, seen),
  );
}

/** The letter of a shape that has no members. */
function letterOf(shape: Shape, member: MemberShape | undefined): string | undefined {
  if (shape.document) return 'd';
  if (shape.eventstream) return 'e';
  if (shape.type === 'blob') return shape.streaming || member?.streaming ? 'X' : 'x';
  return KINDS[shape.type];
}

/** The shapes of a service's answers, whole; and of its requests, as far as they lead to what is sensitive. */
export function shapesRow(model: Model): ShapesRow {
  const texts: string[] = [];

  function compile(
    root: string,
    seen: Map<string, number>,
    isWanted: (member: MemberShape) => boolean,
  ): string {
    const shape = shapeOf(model, root);
    const letter = letterOf(shape, undefined);
    if (letter) return letter;
    const known = seen.get(root);
    if (known !== undefined) return String(known);
    const place = texts.push('') - 1;
    seen.set(root, place);
    const target = (member: MemberShape): string =>
      letterOf(shapeOf(model, member.shape), member) ?? compile(member.shape, seen, isWanted);
    const isSensitive = (member: MemberShape | undefined) =>
      member && (member.sensitive || shapeOf(model, member.shape).sensitive) ? '*' : '';
    if (shape.type === 'structure') {
      const members = Object.entries(shape.members ?? {}).filter(([, member]) => isWanted(member));
      texts[place] = `S${members
        .map(([name, member]) => {
          const { location = '', locationName = name, flattened, xmlAttribute } = member;
          const outside = xmlAttribute ? 'a' : shape.payload === name ? 'P' : (PLACES[location] ?? '');
          const isFlat = flattened || shapeOf(model, member.shape).flattened;
          const written = outside === '' ? '' : `@${outside}`;
          const wire = locationName === name ? '' : `=${locationName}`;
          return `${name}>${target(member)}${isSensitive(member)}${isFlat ? '~' : ''}${written}${wire}`;
        })
        .join(' ')}`;
    } else if (shape.type === 'list' && shape.member) {
      const { locationName } = shape.member;
      texts[place] =
        `L>${target(shape.member)}${isSensitive(shape.member)}${locationName ? `=${locationName}` : ''}`;
    } else if (shape.value) {
      const names = [shape.key?.locationName ?? 'key', shape.value.locationName ?? 'value'];
      texts[place] =
        `M>${target(shape.value)}${isSensitive(shape.value)}${names.join() === 'key,value' ? '' : `=${names.join()}`}`;
    } else throw new Error(`a shape that is none: ${root}`);
    return String(place);
  }

  const ofAnswers = new Map<string, number>();
  const ofRequests = new Map<string, number>();
  const leadsOn = (member: MemberShape): boolean =>
    member.sensitive === true || holdsSensitive(model, member.shape);
  const [answers, requests]: [Record<string, number>, Record<string, number>] = [{}, {}];
  for (const [name, { input, output }] of Object.entries(model.operations)) {
    if (output) answers[name] = Number(compile(output.shape, ofAnswers, () => true));
    if (input && holdsSensitive(model, input.shape))
      requests[name] = Number(compile(input.shape, ofRequests, leadsOn));
  }
  return { shapes: texts, answers, requests };
}
