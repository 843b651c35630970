import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { bundleFunctionsOf } from '../../sandbox/functions/bundle-functions-of.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { synthesise } from '../../sandbox/template/synthesise.ts';
import { playAttacks } from './play-attacks.ts';
import { startStage } from './start-stage.ts';

/** How often each attack that can be repeated is played. */
const TIMES = Number(process.env.TIMES ?? 25);
if (!Number.isInteger(TIMES) || TIMES < 2) throw new Error('TIMES is a whole number of 2 or more');

const template = await synthesise('config');
const place = { accountId: ACCOUNT_ID, region: REGION };
const bundles = await bundleFunctionsOf(resolveTemplate(template, place));
const stage = await startStage({ template, bundles });
let tried = 0;
try {
  await playAttacks(stage, TIMES, ({ kind, what }, tries) => {
    tried += tries;
    console.log(`held  ${kind.padEnd(9)} ${String(tries).padStart(4)} tries  ${what}`);
  });
  console.log(`all held: ${tried} tries`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stage.cloud.close();
}
