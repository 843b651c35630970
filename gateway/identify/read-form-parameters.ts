import type { Member } from './model.ts';

/**
 * The parameters of a call by a form: what is simple by the member's name, a list of strings as a list, the rest by
 * the names that the form itself has (`Filter.1.Name`).
 */
export function readFormParameters(
  form: ReadonlyMap<string, string>,
  members: readonly Member[],
): Record<string, unknown> {
  const byWire = new Map(members.map((member) => [member.wire, member]));
  const lists = new Map<string, [number, string][]>();
  const parameters: [string, unknown][] = [];
  for (const [written, value] of form) {
    if (written === 'Action' || written === 'Version') continue;
    const [, wire = written, place] = /^([^.]+)(?:\.[A-Za-z]\w*)?\.(\d{1,6})$/.exec(written) ?? [];
    const member = byWire.get(wire) ?? byWire.get(written);
    if (member?.kind === 'l' && place !== undefined) {
      const list = lists.get(member.name) ?? [];
      list.push([Number(place), value]);
      lists.set(member.name, list);
    } else if (member && member.wire === written) {
      parameters.push([member.name, textValue(member, value)]);
    } else {
      parameters.push([written, value]);
    }
  }
  for (const [name, list] of lists) {
    parameters.push([name, list.sort(([left], [right]) => left - right).map(([, value]) => value)]);
  }
  return Object.fromEntries(parameters);
}

/** A parameter's text as its kind has it; as it is where it is none of that kind. */
export function textValue({ kind }: Pick<Member, 'kind'>, text: string): unknown {
  if (kind === 'i' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (kind === 'b' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
