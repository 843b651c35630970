import { styleText } from 'node:util';

/** One line of the story: what is done, what is to happen, what happened. */
export type Scene = { readonly what: string; readonly expected: string; run(): Promise<string> };

/**
 * Plays scenes in order, one line each through `print`, and answers whether every outcome was as said. A scene
 * that throws is one that went otherwise; the story goes on.
 */
export async function playScenes(scenes: readonly Scene[], print: (line: string) => void): Promise<boolean> {
  const columns = [
    Math.max(...scenes.map(({ what }) => what.length)),
    Math.max(...scenes.map(({ expected }) => expected.length)),
  ] as const;
  const row = (mark: string, what: string, expected: string, happened: string) =>
    print(`${mark} ${what.padEnd(columns[0])}  ${expected.padEnd(columns[1])}  ${happened}`);

  row(' ', 'what', 'expected', 'happened');
  let asSaid = true;
  for (const { what, expected, run } of scenes) {
    const happened = await run().catch((error: unknown) => `failed: ${String(error)}`);
    const isRight = happened === expected;
    asSaid &&= isRight;
    row(isRight ? styleText('green', '✓') : styleText('red', '✗'), what, expected, happened);
  }
  return asSaid;
}
