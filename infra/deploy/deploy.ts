import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeApp, synthApp } from '../app.ts';
import { bundleFunctions } from '../bundle/bundle-functions.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { makeAwsAccount } from './aws-account.ts';
import { checkDeployment } from './check-deployment.ts';
import { decideApproval } from './decide-approval.ts';
import { nextSteps, type Outputs } from './next-steps.ts';
import { NotReady } from './not-ready.ts';
import { runCdk, widensPermissions } from './run-cdk.ts';

const OUTPUTS = 'cdk.out/outputs.json';

const USAGE = `Usage: npm run deploy -- [--demo] [--yes] [--allow-widening] [--streams-off]

  --demo            with the bank of the demo
  --yes             without asking; needed where there is no terminal
  --allow-widening  with --yes: also what widens permissions
  --streams-off     without the tables' streams, which the next deployment makes anew (docs/recovery.md)

See docs/deploy.md.`;

/** Checks, synthesises, shows what would change, deploys, puts secrets in, and says what is next. */
await runCommand(async () => {
  const { values: options } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      'allow-widening': { type: 'boolean', default: false },
      'streams-off': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const settings = readSettings();
  const account = makeAwsAccount();
  const { demo, 'streams-off': streamsOff } = options;
  const ready = await checkDeployment(account, { settings, demo, env: process.env });
  const { place, values, unseen, isFirst } = ready;
  const hasTerminal = process.stdin.isTTY === true;
  if (!options.yes && !hasTerminal)
    throw new NotReady('there is no terminal to ask at: npm run deploy -- --yes deploys without asking');
  for (const arn of unseen) console.log(`not looked for: ${arn}`);
  console.log(`Deploying to account ${place.account}, region ${place.region}`);
  const code = await bundleFunctions();
  synthApp(makeApp({ demo, settings, code, isFirst, streamsOff, outdir: 'cdk.out' }));
  const approval = decideApproval({
    unattended: options.yes,
    allowWidening: options['allow-widening'],
    hasTerminal,
    widens: widensPermissions(),
  });
  if (approval === 'widens')
    throw new NotReady('it would widen the permissions above: nothing was deployed; --allow-widening agrees');
  const require = approval === 'given' ? 'never' : 'broadening';
  runCdk('deploy', '--all', '--require-approval', require, '--outputs-file', OUTPUTS);
  if (isFirst) {
    console.log('All is made; now its tables are protected from being deleted.');
    synthApp(makeApp({ demo, settings, code, outdir: 'cdk.out' }));
    runCdk('deploy', '--all', '--require-approval', 'never', '--outputs-file', OUTPUTS);
  }
  for (const [name, value] of values) await account.putSecret(name, value);
  const { Postern = {} } = JSON.parse(readFileSync(OUTPUTS, 'utf8')) as { Postern?: Outputs };
  for (const line of nextSteps(Postern, demo)) console.log(line);
});
