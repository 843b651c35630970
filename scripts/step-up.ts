import { parseArgs } from 'node:util';
import qrcode from 'qrcode-terminal';
import { STEP_UP_PREFIX } from '../infra/names.ts';
import { secretsClient } from '../lambdas/shared/adapters/runtime/aws-clients.ts';
import { principalIdSchema } from '../lambdas/shared/domain/principal.ts';
import { enrol, otpauthUri } from './enrol-step-up.ts';

const USAGE = `Enrols an approver's authenticator: makes a new secret, keeps it in Secrets Manager, and shows it once.

  npm run step-up -- <principal> [--replace]

  --replace   give an approver who has one a new one: the old stops counting at once

Run it with your own AWS credentials, beside the approver; it needs secretsmanager:CreateSecret and
PutSecretValue on ${STEP_UP_PREFIX}/*, and the use of the key Postern's data is encrypted with (KMS_KEY_ID).
`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  const principal = principalIdSchema.safeParse(positionals[0]);
  if (values.help || !principal.success || positionals.length > 1) {
    console.error(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const secret = await enrol(secretsClient(), principal.data, {
    replace: values.replace,
    kmsKeyId: process.env.KMS_KEY_ID,
  });
  qrcode.generate(otpauthUri(principal.data, secret), { small: true });
  console.log(`${principal.data} scans this with an authenticator now: it is not shown again.`);
}

main().catch((error: unknown) => {
  console.error(`postern: ${error instanceof Error ? error.message : 'failed'}`);
  process.exitCode = 1;
});
