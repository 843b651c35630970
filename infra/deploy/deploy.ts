import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { makeApp, synthApp } from '../app.ts';
import { bundleFunctions } from '../bundle/bundle-functions.ts';
import { ACCOUNTS_OUTPUT } from '../names.ts';
import { readRecord } from '../recorded-accounts.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { writeMember } from '../write-member.ts';
import { openAccountStack } from './accounts/account-stack.ts';
import { prepareAccounts } from './accounts/deploy-accounts.ts';
import { planAccounts } from './accounts/plan-accounts.ts';
import { makeAwsAccount } from './aws-account.ts';
import { checkDeployment } from './check-deployment.ts';
import { decideApproval } from './decide-approval.ts';
import { nextSteps, type Outputs } from './next-steps.ts';
import { NotReady } from './not-ready.ts';
import { readLine } from './read-line.ts';
import { runCdk, widensPermissions } from './run-cdk.ts';
import { makeStackResources } from './stack-resources.ts';

const OUTPUTS = 'cdk.out/outputs.json';

const USAGE = `Usage: npm run deploy -- [--demo] [--yes] [--allow-widening] [--forget <id>] [--streams-off]

  --demo            with the bank of the demo
  --yes             without asking; needed where there is no terminal
  --allow-widening  with --yes: also what widens permissions
  --forget <id>     an account that has no entries any more, and whose roles are no more either; may be repeated
  --streams-off     without the tables' streams, which the next deployment makes anew (docs/recovery.md)

See docs/deploy.md.`;

/** Checks, synthesises, shows what would change, deploys, puts secrets in, and says what is next. */
await runCommand(async () => {
  const { values: options } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      'allow-widening': { type: 'boolean', default: false },
      forget: { type: 'string', multiple: true, default: [] },
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
  const recorded = isFirst ? {} : await makeStackResources().outputs();
  const plans = planAccounts(
    readConfigFiles().catalog,
    readRecord(recorded[ACCOUNTS_OUTPUT] ?? ''),
    options.forget,
  );
  const others = await prepareAccounts(plans, {
    open: (other) => openAccountStack(other, place),
    templateOf: (id) => writeMember(id).template,
    tell: console.log,
  });
  const shared = { demo, settings, code, leftAccounts: others.left, outdir: 'cdk.out' };

  /** The broker itself. The others' roles trust its, which have to be there before them. */
  async function deployBroker(): Promise<Outputs> {
    synthApp(makeApp({ ...shared, isFirst, streamsOff }));
    const approval = decideApproval({
      unattended: options.yes,
      allowWidening: options['allow-widening'],
      hasTerminal,
      widens: widensPermissions() || others.widens,
    });
    if (approval === 'widens')
      throw new NotReady(
        'it would widen the permissions above: nothing was deployed; --allow-widening agrees',
      );
    const require = approval === 'given' ? 'never' : 'broadening';
    runCdk('deploy', '--all', '--require-approval', require, '--outputs-file', OUTPUTS);
    if (isFirst) {
      console.log('All is made; now its tables are protected from being deleted.');
      synthApp(makeApp(shared));
      runCdk('deploy', '--all', '--require-approval', 'never', '--outputs-file', OUTPUTS);
    }
    for (const [name, value] of values) await account.putSecret(name, value);
    const { Postern = {} } = JSON.parse(readFileSync(OUTPUTS, 'utf8')) as { Postern?: Outputs };
    if (approval === 'asked-by-cdk' && others.widens && !(await agreed()))
      throw new NotReady('the broker is deployed, and nothing in the other accounts');
    return Postern;
  }

  const outputs = await deployBroker().catch(async (error: unknown) => {
    await others.discard();
    throw error;
  });
  const failed = await others.carryOut();
  for (const line of nextSteps(outputs, demo)) console.log(line);
  if (failed.length > 0)
    throw new Error(
      `${failed.length} of ${plans.length} accounts failed, and all else is deployed: mend ${failed.join(', ')}, and run npm run deploy again`,
    );
});

/** At a terminal: CDK asks for the broker's own account alone. */
async function agreed(): Promise<boolean> {
  const answer = await readLine('Deploy what is said above to the other accounts too? (y/n) ');
  return /^y(es)?$/i.test(answer.trim());
}
