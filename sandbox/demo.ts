import { styleText } from 'node:util';
import { bootSandbox } from './boot.ts';
import { scenesOf } from './demo-scenes.ts';

/** Plays the demo bank's story on a sandbox of its own, and fails where anything goes otherwise than said. */
async function play(): Promise<boolean> {
  const sandbox = await bootSandbox();
  let asSaid = true;
  try {
    for (const { what, expected, run } of scenesOf(sandbox)) {
      const happened = await run();
      const right = happened === expected;
      asSaid &&= right;
      const mark = right ? styleText('green', '✓') : styleText('red', '✗');
      console.log(`${mark} ${what.padEnd(66)} ${right ? happened : `${happened}   (expected: ${expected})`}`);
    }
  } finally {
    await sandbox.close();
  }
  console.log(asSaid ? '\nEvery outcome is as said.' : '\nSome outcomes are not as said.');
  return asSaid;
}

process.exitCode = (await play()) ? 0 : 1;
