import { ACCOUNT_ID, REGION } from '../demo/place.ts';
import { demoPrincipals } from '../demo/principals.ts';
import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';
import { explain, matrixOf } from '../lambdas/shared/domain/guardrails/guardrail-answers.ts';

const USAGE = `Usage: npm run guardrails -- matrix
       npm run guardrails -- explain <principal> <resource> <action>`;

const principals = demoPrincipals('https://issuer.example', ACCOUNT_ID).map(({ principal }) => principal);
const config = makeConfig({ partition: 'aws', region: REGION, accountId: ACCOUNT_ID });

function answer([command, id, key, action]: string[]): string | undefined {
  if (command === 'matrix') return matrixOf(config, principals);
  if (command !== 'explain' || !id || !key || !action) return undefined;
  const principal = principals.find((one) => one.id === id);
  if (!principal)
    return `There is no principal ${id}. There are ${principals.map((one) => one.id).join(', ')}.`;
  const keys = [...config.catalog.resources.keys()].join(', ');
  return (
    explain(config, principal, key, action) ??
    `The catalog has no ${action} on ${key}. Its resources are ${keys}.`
  );
}

const text = answer(process.argv.slice(2));
console.log(text ?? USAGE);
process.exitCode = text === undefined ? 2 : 0;
