import {
  namesInGuardrails,
  observedGuardrails,
} from '../lambdas/shared/adapters/config/compile-guardrails.ts';
import { makeConfig } from '../lambdas/shared/adapters/config/load-config.ts';
import { readConfigFiles, readConfigText } from '../lambdas/shared/adapters/config/read-config.ts';
import { readFactSources } from '../lambdas/shared/adapters/outside/read-fact-sources.ts';
import { findDoubts } from '../lambdas/shared/domain/config-check/find-doubts.ts';
import type { Finding } from '../lambdas/shared/domain/config-check/finding.ts';
import { rotasWithoutSource } from '../lambdas/shared/domain/config-check/rotas-without-source.ts';
import { ConfigError, lineAt } from '../lambdas/shared/domain/config-error.ts';
import type { Principal } from '../lambdas/shared/domain/principal.ts';
import { problemsWithIam } from './check-config.ts';

const SOMEWHERE = { partition: 'aws', region: 'us-east-1', accountId: '000000000000' };

/** The line on which a text first stands in a file. */
function lineOf(folder: string, file: string, text: string): number | undefined {
  const whole = readConfigText(folder, file);
  const offset = whole.indexOf(text);
  return offset < 0 ? undefined : lineAt(whole, offset);
}

/**
 * All that is wrong or doubtful in a folder of configuration, looked at together. What keeps a file from being read at
 * all is found alone. Without principals, what depends on who there is cannot be said.
 */
export function findConfigProblems(folder: string, principals?: readonly Principal[]): Finding[] {
  try {
    const config = makeConfig(SOMEWHERE, folder);
    const { lineOfEntry, guardrailsText } = readConfigFiles(folder);
    const entries = problemsWithIam(folder).map(
      ({ key, problem }): Finding => ({
        severity: 'error',
        file: 'catalog.json',
        line: lineOfEntry(key),
        problem: `${key}: ${problem}`,
      }),
    );
    if (!principals) return entries;
    const checked = {
      ...config,
      named: namesInGuardrails(guardrailsText),
      lineOf: {
        entry: lineOfEntry,
        guardrail: (id: string) => lineOf(folder, 'guardrails.cedar', `@id("${id}")`),
        tier: (name: string) => lineOf(folder, 'approvals.json', JSON.stringify(name)),
      },
    };
    const observed = observedGuardrails(guardrailsText).map(
      (id): Finding => ({
        severity: 'warning',
        file: 'guardrails.cedar',
        line: checked.lineOf.guardrail(id),
        problem: `${id}: is observed, so what it would forbid is recorded and allowed; take @observe away to enforce it`,
      }),
    );
    const rotas = rotasWithoutSource(config.approvals, readFactSources(folder), checked.lineOf.tier);
    return [...entries, ...observed, ...rotas, ...findDoubts(checked, principals)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ severity: 'error', file: error.file, line: error.line, problem: error.problem }];
  }
}
