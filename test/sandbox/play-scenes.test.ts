import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { playScenes, type Scene } from '../../demo/play-scenes.ts';

const scene = (what: string, expected: string, run: () => Promise<string>): Scene => ({
  what,
  expected,
  run,
});

async function play(...scenes: Scene[]) {
  const lines: string[] = [];
  const asSaid = await playScenes(scenes, (line) => lines.push(stripVTControlCharacters(line)));
  return { asSaid, lines };
}

test('every outcome as said: true, and a table of what was expected and what happened', async () => {
  expect(
    await play(
      scene('asks', '200', async () => '200'),
      scene('… reads', 'works', async () => 'works'),
    ),
  ).toEqual({
    asSaid: true,
    lines: ['  what     expected  happened', '✓ asks     200       200', '✓ … reads  works     works'],
  });
});

test('one outcome otherwise than said, or an error, is a failure, and the story goes on', async () => {
  const { asSaid, lines } = await play(
    scene('refused', 'AccessDeniedException', async () => 'works'),
    scene('breaks', 'works', () => Promise.reject(new Error('no answer'))),
    scene('works', 'works', async () => 'works'),
  );
  expect(asSaid).toBe(false);
  expect(lines.map((line) => line[0])).toEqual([' ', '✗', '✗', '✓']);
  expect(lines[2]).toContain('failed: Error: no answer');
});
