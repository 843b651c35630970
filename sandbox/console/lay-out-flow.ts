import { Graph, layout } from '@dagrejs/dagre';
import type { AslDefinition } from '../states/asl-types.ts';

type State = { Next?: string; Default?: string; Choices?: { Next?: string }[] };

type FlowNode = { readonly name: string; readonly x: number; readonly y: number };
type FlowEdge = {
  readonly from: string;
  readonly to: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
};
/** A state machine, laid out. Positions are centres, in pixels. */
export type Flow = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
};

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 52;

/** Where a state goes on to as planned. Ways after a failure lead nearly everywhere: they are drawn where taken. */
const goesTo = ({ Next, Default, Choices = [] }: State): string[] =>
  [Next, ...Choices.map((choice) => choice.Next), Default].filter((name) => name !== undefined);

/** Lays out a definition, the first state on top. Each pair of states has one edge, however many ways lead there. */
export function layOutFlow({ States }: AslDefinition): Flow {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 44, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of Object.keys(States)) graph.setNode(name, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const [name, state] of Object.entries(States)) {
    for (const to of new Set(goesTo(state))) graph.setEdge(name, to, {});
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: graph.nodes().map((name: string) => {
      const { x, y } = graph.node(name) as { x: number; y: number };
      return { name, x, y };
    }),
    edges: graph.edges().map(({ v, w }: { v: string; w: string }) => ({
      from: v,
      to: w,
      points: (graph.edge({ v, w }) as Pick<FlowEdge, 'points'>).points,
    })),
  };
}
