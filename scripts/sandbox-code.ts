import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { PERIOD_SECONDS, totpOf } from '../lambdas/shared/votes/check-step-up.ts';

/** Stands in for the authenticator of one of the sandbox's approvers: prints a code that was not printed yet. */

const ACCESS_FILE = '.sandbox/access.json';
const PRINTED_FILE = '.sandbox/codes.json';
const USAGE = 'Usage: npm run --silent code -- <approver>, beside npm start';

const accessSchema = z.object({ stepUp: z.record(z.string(), z.string()) });
const printedSchema = z.record(z.string(), z.number().int());

/** The last period whose code was printed, by approver. */
function readPrinted(): Record<string, number> {
  try {
    return printedSchema.parse(JSON.parse(readFileSync(PRINTED_FILE, 'utf8')));
  } catch {
    return {};
  }
}

/** Each code counts once, and the next period's counts already: where both were printed, the one after is waited for. */
async function nextCode(approver: string, secret: string): Promise<string> {
  const printed = readPrinted();
  const now = () => Math.floor(Date.now() / 1000 / PERIOD_SECONDS);
  const period = Math.max(now(), (printed[approver] ?? 0) + 1);
  while (period > now() + 1) await sleep(500);
  writeFileSync(PRINTED_FILE, JSON.stringify({ ...printed, [approver]: period }), { mode: 0o600 });
  return totpOf(secret).generate({ timestamp: period * PERIOD_SECONDS * 1000 });
}

async function main([approver, ...more]: readonly string[]): Promise<void> {
  if (!approver || more.length > 0) throw new Error(USAGE);
  const { stepUp } = accessSchema.parse(JSON.parse(readFileSync(ACCESS_FILE, 'utf8')));
  const secret = Object.hasOwn(stepUp, approver) ? stepUp[approver] : undefined;
  if (!secret)
    throw new Error(`${approver} has no authenticator here: ${Object.keys(stepUp).join(', ')} have`);
  console.log(await nextCode(approver, secret));
}

main(process.argv.slice(2)).catch((error: NodeJS.ErrnoException) => {
  console.error(
    `postern: ${error.code === 'ENOENT' ? `there is no ${ACCESS_FILE}: run npm start first` : error.message}`,
  );
  process.exitCode = 1;
});
