import { html } from 'hono/html';
import type { Html } from './console-page.ts';
import { type Flow, NODE_HEIGHT, NODE_WIDTH } from './lay-out-flow.ts';
import type { Progress } from './read-progress.ts';

const MARKS = { done: '✓ done', now: '… here now', failed: '✗ ended here' } as const;

const lineOf = (points: Flow['edges'][number]['points']): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${Math.round(x)} ${Math.round(y)}`).join(' ');

/** The state machine as a picture, with the way an execution took and where it is. Words say the same. */
export function drawFlow(flow: Flow, progress: Progress): Html {
  const { width, height, nodes, edges } = flow;
  const taken = new Set(progress.taken.map(([from, to]) => `${from}>${to}`));
  const centre = new Map(nodes.map((node) => [node.name, node]));
  const unplanned = progress.taken
    .filter(([from, to]) => !edges.some((edge) => edge.from === from && edge.to === to))
    .map((pair) => pair.flatMap((name) => centre.get(name) ?? []));
  const described = [
    progress.path.length > 0 ? `Taken: ${progress.path.join(', then ')}.` : 'Nothing was entered yet.',
    progress.now ? `It is at ${progress.now} now.` : '',
  ].join(' ');
  return html`<svg
    class="flow"
    viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"
    role="img"
    aria-labelledby="flow-title flow-words"
  >
    <title id="flow-title">The workflow</title>
    <desc id="flow-words">${described}</desc>
    ${edges.map(
      ({ from, to, points }) =>
        html`<path class="edge ${taken.has(`${from}>${to}`) ? 'taken' : ''}" d="${lineOf(points)}" />`,
    )}
    ${unplanned.map((points) => html`<path class="edge taken" stroke-dasharray="6 4" d="${lineOf(points)}" />`)}
    ${nodes.map(({ name, x, y }) => {
      const mark = progress.marks.get(name);
      return html`<g class="${mark ?? 'untouched'}" data-state="${name}">
        <rect
          x="${Math.round(x - NODE_WIDTH / 2)}"
          y="${Math.round(y - NODE_HEIGHT / 2)}"
          width="${NODE_WIDTH}"
          height="${NODE_HEIGHT}"
          rx="8"
        />
        <text x="${Math.round(x)}" y="${Math.round(y) + (mark ? -2 : 5)}">${name}</text>
        ${mark ? html`<text class="mark" x="${Math.round(x)}" y="${Math.round(y) + 16}">${MARKS[mark]}</text>` : ''}
      </g>`;
    })}
  </svg>`;
}
