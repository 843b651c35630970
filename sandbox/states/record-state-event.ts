import type { History } from './history.ts';

/** The part of the engine's events that is looked at. */
type EngineEvent = {
  type: string;
  timestamp: number;
  state?: { name: string; type: string; input: unknown; output?: unknown };
};

/**
 * Writes what the engine tells of states into the history, in AWS's terms. Retries, failures and catches of a
 * state have no event of their own there: they show as the task's events, which run-task writes.
 */
export function recordStateEvent(history: History, event: EngineEvent): void {
  if (!event.state) return;
  const { name, type, input, output } = event.state;
  if (event.type === 'StateEntered') {
    history.add(`${type}StateEntered`, { name, input: JSON.stringify(input) }, event.timestamp);
  }
  if (event.type === 'StateExited') {
    history.add(`${type}StateExited`, { name, output: JSON.stringify(output) }, event.timestamp);
  }
}
