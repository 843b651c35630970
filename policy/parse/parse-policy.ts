import type { JsonNode } from './json-node.ts';
import { NotJsonValue, nodeOfValue } from './node-of-value.ts';
import type { ParseResult, Refusal } from './parse-result.ts';
import type { Policy, PolicyType, Statement } from './policy-model.ts';
import { readStatement } from './read-statement.ts';
import { childPlace, isEmptyList, type Place, readList, readMembers, readText, refuse } from './reading.ts';
import { scanJson } from './scan-json.ts';

const ELEMENTS: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement']);

/**
 * The policy that a JSON text is, with the position of every element; or all that is wrong with it. What AWS
 * would not take for this type of policy is refused.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string, type: PolicyType): ParseResult {
  const scanned = scanJson(text);
  if (scanned.ok) return parseNode(scanned.node, type);
  return { ok: false, refusals: [{ code: scanned.code, path: '', position: scanned.position }] };
}

/** The same of a value that somebody else has parsed: no positions, and no repeated key can be seen any more. */
export function parsePolicyValue(value: unknown, type: PolicyType): ParseResult {
  try {
    return parseNode(nodeOfValue(value), type);
  } catch (error) {
    if (!(error instanceof NotJsonValue)) throw error;
    return { ok: false, refusals: [{ code: 'not-json', path: '' }] };
  }
}

/** The same of JSON that was scanned already. */
export function parseNode(node: JsonNode, type: PolicyType): ParseResult {
  const refusals: Refusal[] = [];
  const policy = readDocument({ type, version: '2008-10-17', path: '', refusals }, node);
  const [first, ...others] = refusals;
  if (first) return { ok: false, refusals: [first, ...others] };
  if (policy === undefined) throw new Error('A policy that cannot be read has a reason');
  return { ok: true, policy };
}

function readDocument(root: Place, node: JsonNode): Policy | undefined {
  const members = readMembers(root, node, ELEMENTS);
  if (members === undefined) return undefined;
  const version = readVersion(childPlace(root, 'Version'), members.get('Version')?.value);
  const id = members.get('Id');
  const idText = id && readText(childPlace(root, 'Id'), id.value);
  const statements = readStatements({ ...root, version }, node, members.get('Statement')?.value);
  return { type: root.type, version, ...(idText !== undefined && { id: idText }), statements };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
function readVersion(place: Place, node: JsonNode | undefined): Policy['version'] {
  const written = node === undefined ? '2008-10-17' : readText(place, node);
  if (written === '2012-10-17' || written === '2008-10-17') return written;
  if (written !== undefined) refuse(place, 'unknown-version', node?.position);
  return '2008-10-17';
}

function readStatements(root: Place, document: JsonNode, node: JsonNode | undefined): Statement[] {
  const place = childPlace(root, 'Statement');
  if (node === undefined) {
    refuse(place, 'missing-element', document.position);
    return [];
  }
  if (isEmptyList(node)) refuse(place, 'empty-list', node.position);
  const statements = readList(place, node, readStatement).map((statement, index) => ({
    ...statement,
    index,
  }));
  refuseRepeatedSids(place, statements);
  return statements;
}

/** IAM wants its statements' ids unique; other services take any. */
function refuseRepeatedSids(place: Place, statements: readonly Statement[]): void {
  if (place.type === 'resource' || place.type === 'rcp' || place.type === 'scp') return;
  const seen = new Set<string>();
  for (const { sid, index, position } of statements) {
    if (!sid) continue;
    if (seen.has(sid)) refuse(childPlace(childPlace(place, index), 'Sid'), 'duplicate-sid', position);
    seen.add(sid);
  }
}
