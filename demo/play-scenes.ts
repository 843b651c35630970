import { styleText } from 'node:util';

/** One line of the story: what is done, what is to happen, what happened. */
export type Scene = {
  readonly what: string;
  readonly expected: string;
  /** What it means where it goes otherwise, and what to do. */
  readonly otherwise?: string;
  run(): Promise<string>;
};

/**
 * Plays scenes in order, one line each through `print`, and answers whether every outcome was as said. A scene
 * that throws is one that went otherwise; the story goes on, after what that scene says of it.
 */
export async function playScenes(scenes: readonly Scene[], print: (line: string) => void): Promise<boolean> {
  const widthOf = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  const [first, second] = [
    widthOf(['what', ...scenes.map(({ what }) => what)]),
    widthOf(['expected', ...scenes.map(({ expected }) => expected)]),
  ];
  const row = (mark: string, what: string, expected: string, happened: string) =>
    print(`${mark} ${what.padEnd(first)}  ${expected.padEnd(second)}  ${happened}`);

  row(' ', 'what', 'expected', 'happened');
  let asSaid = true;
  for (const { what, expected, otherwise, run } of scenes) {
    const happened = await run().catch((error: unknown) => `failed: ${String(error)}`);
    const isRight = happened === expected;
    asSaid &&= isRight;
    row(isRight ? styleText('green', '✓') : styleText('red', '✗'), what, expected, happened);
    if (!isRight && otherwise) print(`    ${otherwise}`);
  }
  return asSaid;
}
