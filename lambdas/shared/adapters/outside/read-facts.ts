import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { kindsToRead } from '../../domain/outside/fact-kinds.ts';
import type { FactSources } from '../../domain/outside/fact-sources.ts';
import { type ReadOutside, relevantTo } from '../../domain/outside/outside-fact.ts';
import { makeFactTable } from './facts-table.ts';
import { readFactSources } from './read-fact-sources.ts';
import { verifyFact } from './verify-fact.ts';

/** Reads facts of a table, and verifies each by the keys that its source has now. One that is no longer good is none. */
export function makeReadOutside({
  tokensOf,
  config,
  clock,
}: {
  readonly tokensOf: (kind: string) => Promise<readonly string[]>;
  readonly config: FactSources;
  readonly clock: () => Date;
}): ReadOutside {
  return async (wanted) => {
    const now = clock();
    const tokens = await Promise.all(kindsToRead(config, wanted.references).map(tokensOf));
    const judged = await Promise.all(tokens.flat().map((token) => verifyFact(token, config, now)));
    const holding = judged.flatMap((found) => (typeof found !== 'string' && found.holds ? [found.fact] : []));
    return relevantTo(holding, wanted, now);
  };
}

/** The same, of this deployment; nothing is read where no source is listed or no table is told. */
export function openOutside(client: DynamoDBDocumentClient, clock: () => Date): ReadOutside {
  const { FACTS_TABLE: tableName } = process.env;
  const config = readFactSources();
  if (!tableName || config.sources.length === 0) return async () => [];
  const { tokens } = makeFactTable({ client, tableName });
  return makeReadOutside({ tokensOf: tokens, config, clock });
}
