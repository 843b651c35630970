import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readModuleGraph } from './module-graph.ts';

const text = readFileSync(join(ROOT, 'docs/walks.md'), 'utf8');
const graph = readModuleGraph();

/** One line of a walk: `carrier` is what brings one there, where no import does. */
type Stop = { file: string; link: string; carrier: string | undefined };

const stopsOf = (walk: string): Stop[] =>
  [...walk.matchAll(/^\d+\. (?:\*(?<carrier>[^*]+)\* )?\[`(?<file>[^`]+)`\]\((?<link>[^)]+)\)/gm)].map(
    ({ groups = {} }) => ({ file: groups.file ?? '', link: groups.link ?? '', carrier: groups.carrier }),
  );

const walks = text
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ title: section.split('\n')[0] ?? '', section, stops: stopsOf(section) }));

/** As many files as each story took before its rooms were made; a walk is to be shorter. */
const BEFORE = new Map([
  ['From a reason to the prompt', 16],
  ['From a grant to STS', 12],
  ['From a vote to the tally', 17],
]);

/** The state that a function's folder is named after: `tally-votes` is `TallyVotes`. */
const stateOf = (file: string): string =>
  (file.split('/')[1] ?? '')
    .split('-')
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join('');

it('has the three stories', () => expect(walks.map(({ title }) => title)).toEqual([...BEFORE.keys()]));

describe.each(walks)('$title', ({ title, section, stops }) => {
  it('reads every line', () => expect(stops).toHaveLength(section.match(/^\d+\. /gm)?.length ?? 0));

  it('is shorter than it was', () => expect(stops.length).toBeLessThan(BEFORE.get(title) ?? 0));

  it.each(stops)('$file is there, and reached', ({ file, link, carrier }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(link).toBe(`../${file}`);
    const before = stops
      .slice(
        0,
        stops.findIndex((stop) => stop.file === file),
      )
      .map((stop) => stop.file);
    if (before.length === 0 || (carrier && file.endsWith('.asl.json'))) return;
    if (carrier) {
      const machine = before.findLast((earlier) => earlier.endsWith('.asl.json')) ?? '';
      const { States } = JSON.parse(readFileSync(join(ROOT, machine), 'utf8'));
      expect(Object.keys(States)).toContain(stateOf(file));
      return;
    }
    const importers = before.filter((earlier) => graph.get(earlier)?.includes(file));
    expect(importers, `no file before ${file} imports it`).not.toEqual([]);
  });
});
