import { Graph, layout } from '@dagrejs/dagre';
import type { JsonValue } from '../states/asl-types.ts';

type State = { Next?: string; Default?: string; Choices?: { Next?: string }[]; Catch?: { Next?: string }[] };
type Definition = { StartAt: string; States: Record<string, State> };

export type FlowNode = { readonly name: string; readonly x: number; readonly y: number };
export type FlowEdge = {
  readonly from: string;
  readonly to: string;
  /** `caught`: taken after a failure only. */
  readonly way: 'planned' | 'caught';
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

/** Where a state goes on to, and by which ways only after a failure. */
function goesTo({ Next, Default, Choices = [], Catch = [] }: State): Map<string, 'planned' | 'caught'> {
  const planned = [Next, ...Choices.map((choice) => choice.Next), Default];
  const caught = Catch.map((one) => one.Next);
  const named = (names: (string | undefined)[]) => names.filter((name) => name !== undefined);
  return new Map([
    ...named(caught).map((name) => [name, 'caught'] as const),
    ...named(planned).map((name) => [name, 'planned'] as const),
  ]);
}

/** Lays out a definition, the first state on top. Each pair of states has one edge, however many ways lead there. */
export function layOutFlow(definition: JsonValue): Flow {
  const { States } = definition as unknown as Definition;
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 44, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of Object.keys(States)) graph.setNode(name, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const [name, state] of Object.entries(States)) {
    for (const [to, way] of goesTo(state)) {
      // Failures are drawn where they happen, and shape nothing: the planned ways stay readable.
      graph.setEdge(name, to, { way, weight: way === 'planned' ? 8 : 0, minlen: 1 });
    }
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
    edges: graph.edges().map(({ v, w }: { v: string; w: string }) => {
      const { way, points } = graph.edge({ v, w }) as Pick<FlowEdge, 'way' | 'points'>;
      return { from: v, to: w, way, points };
    }),
  };
}
