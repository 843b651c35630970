import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { IAMClient } from '@aws-sdk/client-iam';
import { makeApp, synthApp, synthTemplate } from '../app.ts';
import { ACCOUNTS_OUTPUT } from '../names.ts';
import { readRecord } from '../recorded-accounts.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { openAccountStack } from './accounts/account-stack.ts';
import { emptyRole, isBrokeredRole } from './accounts/empty-role.ts';
import { removeAccounts } from './accounts/remove-accounts.ts';
import { makeAwsAccount } from './aws-account.ts';
import { findPlace } from './find-place.ts';
import { readLine } from './read-line.ts';
import { runCdk } from './run-cdk.ts';
import { makeStackResources } from './stack-resources.ts';
import { findLeftBehind } from './teardown/find-left-behind.ts';
import { tearDown } from './teardown/tear-down.ts';
import { makePlanFile } from './teardown/teardown-plan.ts';

/**
 * Takes a deployment away; the account's id is asked for, read from standard input, or given by `--account`.
 * `--forget <id>` leaves the roles of another account to whoever administers that. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: { account: { type: 'string' }, forget: { type: 'string', multiple: true, default: [] } },
  });
  const settings = readSettings();
  const account = makeAwsAccount();
  const place = await findPlace(account, settings);
  const { list, remove } = makeStackResources();
  const plan = makePlanFile(place);
  const isThere = await account.hasStack();
  const outputs = isThere ? await makeStackResources().outputs() : {};
  const others = readRecord(outputs[ACCOUNTS_OUTPUT] ?? '').filter(({ id }) => !values.forget.includes(id));
  await tearDown({
    place,
    plan,
    resources: () => (isThere ? list() : findLeftBehind(templateResources(), place, account)),
    ask: async () => values.account ?? readLine(`Type the account's id to go on: `),
    others,
    async destroy() {
      // CDK knows the stack by what was synthesised, and it may have been deployed from another machine.
      if (isThere && !existsSync('cdk.out/manifest.json'))
        synthApp(makeApp({ demo: true, settings, outdir: 'cdk.out' }));
      // First: where they are is known by the stack alone.
      await removeAccounts(others, { open: (other) => openAccountStack(other, place), tell: console.log });
      if (!isThere) return;
      const iam = new IAMClient({});
      for (const { typeName, identifier } of await list())
        if (isBrokeredRole(typeName, identifier)) await emptyRole(iam, identifier);
      // Asked already, with more at stake.
      runCdk('destroy', '--all', '--force');
    },
    remove,
    tell: console.log,
  });
});

type Made = Parameters<typeof findLeftBehind>[0];

function templateResources(): Made {
  const { Resources } = synthTemplate({ demo: true });
  return Object.values(Resources as Record<string, Made[number]>);
}
