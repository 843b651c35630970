import { ACCOUNT_ID, REGION } from '../demo/place.ts';
import { demoPrincipals } from '../demo/principals.ts';
import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';
import { explain, matrixOf } from '../lambdas/shared/domain/guardrails/guardrail-answers.ts';

const USAGE = `Usage: npm run guardrails -- matrix
       npm run guardrails -- explain <principal> <resource> <action>`;

const principals = demoPrincipals('https://issuer.example', ACCOUNT_ID).map(({ principal }) => principal);
const config = makeConfig({ partition: 'aws', region: REGION, accountId: ACCOUNT_ID });

/** What is printed: an answer, or what was wrong with the question. */
type Answer = { readonly text: string } | { readonly wrong: string };

function answer([command, id, key, action]: string[]): Answer {
  if (command === 'matrix') return { text: matrixOf(config, principals) };
  if (command !== 'explain' || !id || !key || !action) return { wrong: USAGE };
  const principal = principals.find((known) => known.id === id);
  if (!principal)
    return {
      wrong: `There is no principal ${id}. There are ${principals.map((known) => known.id).join(', ')}.`,
    };
  const text = explain(config, principal, key, action);
  const keys = [...config.catalog.resources.keys()].join(', ');
  return text === undefined
    ? { wrong: `The catalog has no ${action} on ${key}. Its resources are ${keys}.` }
    : { text };
}

const answered = answer(process.argv.slice(2));
if ('text' in answered) console.log(answered.text);
else {
  console.error(answered.wrong);
  process.exitCode = 2;
}
