import { createInterface } from 'node:readline/promises';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { makeAwsAccount } from './aws-account.ts';
import { findPlace } from './find-place.ts';
import { runCdk } from './run-cdk.ts';
import { makeStackResources } from './stack-resources.ts';
import { tearDown } from './tear-down.ts';

await runCommand(async () => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const { list, remove } = makeStackResources();
  try {
    await tearDown({
      place: await findPlace(makeAwsAccount(), readSettings()),
      resources: list,
      ask: (question) => terminal.question(question),
      // Asked already, with more at stake.
      destroy: () => runCdk('destroy', '--all', '--force'),
      remove,
      tell: console.log,
    });
  } finally {
    terminal.close();
  }
});
