import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { makeApiCaller } from '../../demo/call-api.ts';
import { playScenes } from '../../demo/play-scenes.ts';
import { smokeScenes } from '../../demo/smoke-scenes.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { checkAccounts, readRolesIn } from '../../lambdas/shared/adapters/iam/check-accounts.ts';
import { makeRoleReader } from '../../lambdas/shared/adapters/iam/read-brokered-role.ts';
import { demoCallerName } from '../names.ts';
import { runCommand } from '../run-command.ts';
import { readSettings } from '../settings.ts';
import { makeAwsAccount } from './aws-account.ts';
import { findPlace } from './find-place.ts';
import { failuresOf, LIVE_CHECKS } from './live-checks.ts';
import { NotReady } from './not-ready.ts';
import { makeStackResources } from './stack-resources.ts';
import { makeSessionWatch } from './watch-demo-session.ts';

/** Plays the smoke scenes against the demo bank of a real deployment; fails where one goes otherwise than said. */
await runCommand(async () => {
  const { account, region } = await findPlace(makeAwsAccount(), readSettings());
  const stack = makeStackResources();
  const { ApiUrl } = await stack.outputs();
  if (!ApiUrl) throw new NotReady('Postern is not deployed here: run npm run deploy -- --demo');
  console.log(`Trying ${ApiUrl}`);
  // Rules are known to Cloud Control by their ARNs, to the stack by their names.
  const resources = (await stack.list()).map(({ typeName, identifier }) => ({
    typeName,
    identifier:
      typeName === 'AWS::Events::Rule'
        ? `arn:aws:events:${region}:${account}:rule/${identifier}`
        : identifier,
  }));
  const ports = { resources, list: stack.listAll, read: stack.read };
  const looks = LIVE_CHECKS.map((check) => ({
    what: check.what,
    expected: 'yes',
    otherwise: check.otherwise,
    run: async () => (await failuresOf(check, ports)).join(', ') || 'yes',
  }));
  const asSaid = await playScenes(
    [
      ...looks,
      {
        what: 'the brokered roles are as planned, here and in other accounts',
        expected: 'yes',
        otherwise:
          'somebody changed a role or the catalog: sessions are proved against what is planned; deploy again',
        run: async () => {
          const home = { partition: RegionInfo.get(region).partition ?? 'aws', region, accountId: account };
          const found = await checkAccounts(readConfigFiles().catalog, home, {
            readHere: makeRoleReader(),
            readThere: readRolesIn,
          });
          // What is deployed to by hand is looked at by whoever does: postern doctor --accounts --role.
          const wrong = found.filter(({ verdict, byHand }) => verdict !== 'ok' && !byHand);
          return wrong.map(({ called, what }) => `account ${called}: ${what}`).join('; ') || 'yes';
        },
      },
      ...smokeScenes({
        region,
        async as(principal) {
          const RoleArn = `arn:aws:iam::${account}:role/${demoCallerName(principal)}`;
          const credentials = await fromTemporaryCredentials({
            params: { RoleArn, RoleSessionName: 'smoke' },
          })();
          return makeApiCaller(ApiUrl.replace(/\/$/, ''), credentials, region);
        },
        tellToApprove: (requestId) => console.log(`  Approve ${requestId} in Slack now; it is waited for.`),
      }),
      makeSessionWatch(new Date()),
    ],
    console.log,
  );
  if (!asSaid) throw new Error('Some outcomes are not as said.');
});
