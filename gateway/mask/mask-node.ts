import type { ReadShape, ServiceShapes, ShapeMember, Target } from '../identify/shapes.ts';

/** A place in an answer, and what of it and below it is masked. */
export type MaskNode = {
  readonly target: Target;
  /** All of it is masked. */
  readonly isWhole: boolean;
  /** What is left of the paths that lead below it. */
  readonly paths: readonly (readonly string[])[];
  /** What the model calls sensitive is masked, here and below. */
  readonly sensitive: boolean;
  readonly shapes: ServiceShapes;
};

/** The steps of paths by which each of a list, and each value of a map, is meant. */
const EACH_OF_LIST = '[]';
const EACH_OF_MAP = '{}';

export function makeNode(
  target: Target,
  fields: readonly string[],
  sensitive: boolean,
  shapes: ServiceShapes,
): MaskNode {
  return { target, isWhole: false, paths: fields.map((field) => field.split('.')), sensitive, shapes };
}

const shapeOf = ({ target, shapes }: MaskNode): ReadShape | undefined =>
  typeof target === 'number' ? shapes.shape(target) : undefined;

function below(node: MaskNode, step: string, target: Target, isSensitive: boolean): MaskNode {
  const paths = node.paths.filter(([first]) => first === step).map(([, ...rest]) => rest);
  return {
    ...node,
    target,
    isWhole: paths.some((path) => path.length === 0) || (node.sensitive && isSensitive),
    paths,
  };
}

/** The members of a structure; none of anything else. */
export function membersOf(node: MaskNode | undefined): readonly ShapeMember[] {
  const shape = node && shapeOf(node);
  return shape?.kind === 'structure' ? shape.members : [];
}

export const memberNode = (node: MaskNode, { name, target, isSensitive }: ShapeMember): MaskNode =>
  below(node, name, target, isSensitive);

/** Each of a list, or each value of a map; undefined where it is neither. */
export function eachNode(node: MaskNode | undefined): MaskNode | undefined {
  const shape = node && shapeOf(node);
  if (!node || !shape || shape.kind === 'structure') return undefined;
  const step = shape.kind === 'list' ? EACH_OF_LIST : EACH_OF_MAP;
  return below(node, step, shape.target, shape.isSensitive);
}

/** In a document, which has no model, names lead on as they stand. */
export const documentNode = (node: MaskNode, name: string): MaskNode => below(node, name, 'd', false);

export const mapOf = (node: MaskNode | undefined) => {
  const shape = node && shapeOf(node);
  return shape?.kind === 'map' ? shape : undefined;
};
export const isList = (node: MaskNode | undefined): boolean =>
  node !== undefined && shapeOf(node)?.kind === 'list';
export const hasShape = (node: MaskNode | undefined): boolean =>
  node !== undefined && shapeOf(node) !== undefined;

/** Why a path leads to nothing that an answer holds; undefined where it leads to something. */
export function problemOfPath(root: MaskNode, field: string): string | undefined {
  let node: MaskNode | undefined = root;
  for (const step of field.split('.')) {
    if (!node) break;
    const { target } = node;
    const member = membersOf(node).find(({ name }) => name === step);
    if (target === 'd') node = documentNode(node, step);
    else if (member) node = memberNode(node, member);
    else node = step === (mapOf(node) ? EACH_OF_MAP : EACH_OF_LIST) ? eachNode(node) : undefined;
  }
  if (!node) return `${field} is in no answer of it`;
  return node.target === 'X' || node.target === 'e' ? `${field} is a stream, which no mask reads` : undefined;
}

/** Whether a stream among the members is to be masked, in whole or by what detectors would find. */
export function masksStream(root: MaskNode, detects: boolean): boolean {
  return membersOf(root).some((member) => {
    const isStream = member.target === 'X' || member.target === 'e';
    return isStream && (detects || memberNode(root, member).isWhole);
  });
}
