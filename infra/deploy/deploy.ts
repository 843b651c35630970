import { readFileSync } from 'node:fs';
import { makeApp } from '../app.ts';
import { bundleFunctions } from '../bundle/bundle-functions.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { makeAwsAccount } from './aws-account.ts';
import { checkDeployment } from './check-deployment.ts';
import { nextSteps, type Outputs } from './next-steps.ts';
import { runCdk } from './run-cdk.ts';

const OUTPUTS = 'cdk.out/outputs.json';

/** Checks, synthesises, shows what would change, deploys, puts secrets in, and says what is next. */
await runCommand(async () => {
  const demo = process.argv.includes('--demo');
  const settings = readSettings();
  const account = makeAwsAccount();
  const { place, values, unseen } = await checkDeployment(account, { settings, demo, env: process.env });
  for (const arn of unseen) console.log(`not looked for: ${arn}`);
  console.log(`Deploying to account ${place.account}, region ${place.region}`);
  makeApp({ demo, settings, code: await bundleFunctions(), outdir: 'cdk.out' }).synth();
  runCdk('diff');
  // CDK shows and asks before it widens any permission.
  runCdk('deploy', '--all', '--require-approval', 'broadening', '--outputs-file', OUTPUTS);
  for (const [name, value] of values) await account.putSecret(name, value);
  const { Postern = {} } = JSON.parse(readFileSync(OUTPUTS, 'utf8')) as { Postern?: Outputs };
  for (const line of nextSteps(Postern, demo)) console.log(line);
});
