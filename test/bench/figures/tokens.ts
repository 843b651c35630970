import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zodTextFormat } from 'openai/helpers/zod';
import { enumValuesOf, fitSchema } from '../../../lambdas/review-request/fit-schema.ts';
import { INSTRUCTIONS, promptOf } from '../../../lambdas/review-request/prompt.ts';
import { reviewSchemaFor } from '../../../lambdas/review-request/review-schema.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import type { CatalogFile } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { type Grantable, grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { ofBank } from '../../support/bank.ts';
import type { Row } from '../figure.ts';

/** Characters a token, roughly, of English and JSON; no tokenizer is asked. */
const CHARACTERS_A_TOKEN = 4;
/** A provider caches what begins alike, from this many tokens on. @see https://platform.openai.com/docs/guides/prompt-caching */
const LEAST_CACHED_TOKENS = 1024;

const GUARDRAILS = '@id("all-read")\npermit (principal, action in Action::"read", resource);\n';
const PURPOSES = ['balances', 'card payments', 'loan contracts', 'branch hours', 'fraud alerts'];
/** What catalogs mostly offer: a few sets of actions, again and again. */
const COMMON_ACTIONS = [['GetItem', 'Query'], ['GetItem'], ['GetItem', 'Query', 'BatchGetItem']];

type Shape = { readonly name: string; readonly actionsOf: (nth: number) => readonly string[] };
const SHAPES: readonly Shape[] = [
  { name: 'common actions', actionsOf: (nth) => COMMON_ACTIONS[nth % COMMON_ACTIONS.length] ?? [] },
  /** The worst there could be for a schema: no two resources alike. */
  { name: 'all different', actionsOf: (nth) => ['GetItem', `Query${nth}`, `Scan${nth}`] },
];

function catalogOf(count: number, { actionsOf }: Shape): CatalogFile {
  return {
    version: 1,
    resources: Array.from({ length: count }, (_, nth) => ({
      key: `retail_${(PURPOSES[nth % PURPOSES.length] ?? '').replaceAll(' ', '_')}_${nth}`,
      kind: 'dynamodb-table' as const,
      arns: [`arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/retail_${nth}`],
      purpose: `Records of ${PURPOSES[nth % PURPOSES.length]} in region ${nth}, one row each`,
      sensitivity: 'internal' as const,
      actions: { read: actionsOf(nth).map((action) => `dynamodb:${action}`) },
      maxDurationSeconds: 3600,
      subjectScoped: false,
      ownerRequired: false,
    })),
  };
}

/** What a principal could ever be granted of a catalog, by real guardrails. */
function grantableOf(catalog: CatalogFile, principal: Principal): Grantable[] {
  const folder = mkdtempSync(join(tmpdir(), 'postern-tokens-'));
  try {
    cpSync('config', folder, { recursive: true });
    writeFileSync(join(folder, 'catalog.json'), JSON.stringify(catalog));
    writeFileSync(join(folder, 'guardrails.cedar'), GUARDRAILS);
    const placeholders = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
    return grantableFor(principal, { onBehalfOf: false }, makeConfig(placeholders, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything that is sent for one request, in the order in which a provider reads it. */
function sentFor(grantable: readonly Grantable[], principal: Principal, reason: string) {
  const policy = `Works with ${PURPOSES[0]} and ${PURPOSES[3]}. May read them for a case at hand.`;
  const { offered, leftOut } = fitSchema(grantable, [reason, policy]);
  const prompt = promptOf({
    request: {
      requestId: `${principal.id}-01JD3Z9Q2N8K4V6B1C5D7E9F0G`,
      principalId: principal.id,
      reason,
      dryRun: false,
      createdAt: '2026-11-20T12:00:00.000Z',
    },
    loaded: {
      principal,
      policy: { text: policy, version: 1, digest: 'sha256:x' },
      digests: { principal: 'sha256:x', catalog: 'sha256:x', guardrails: 'sha256:x', approvals: 'sha256:x' },
    },
    grantable: offered,
    feedback: [],
  });
  const schema = JSON.stringify(zodTextFormat(reviewSchemaFor(offered), 'review').schema);
  return { schema, text: `${schema}\n${INSTRUCTIONS}\n${prompt}`, leftOut, values: enumValuesOf(offered) };
}

const tokens = (text: string): number => Math.round(text.length / CHARACTERS_A_TOKEN);

function sharedPrefix(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

/** Of what is sent for one request, the share that begins like what was sent for another; none where that is too short. */
function cacheable(left: string, right: string): string {
  const prefix = left.slice(0, sharedPrefix(left, right));
  const share = tokens(prefix) < LEAST_CACHED_TOKENS ? 0 : prefix.length / left.length;
  return `${Math.round(share * 100)} %`;
}

/** What one review takes of tokens, by the size of the catalog, and how much of that a provider can keep. */
export async function takeFigure(): Promise<Row[]> {
  const [analyst, other] = [ofBank('analyst1'), { ...ofBank('analyst1'), id: 'analyst2' }];
  return [10, 100, 500].flatMap((count) =>
    SHAPES.map((shape) => {
      const catalog = catalogOf(count, shape);
      const [own, others] = [grantableOf(catalog, analyst), grantableOf(catalog, other)];
      const first = sentFor(own, analyst, 'The customer asks why their card payment was refused.');
      const again = sentFor(own, analyst, 'The weekly report needs the branch hours.');
      const ofOther = sentFor(others, other, 'The weekly report needs the branch hours.');
      return {
        what: `${count} resources, ${shape.name}`,
        '≈ tokens': tokens(first.text),
        'of them schema': tokens(first.schema),
        'enum values': first.values,
        'left out': first.leftOut,
        'cacheable, same principal': cacheable(first.text, again.text),
        'cacheable, another of the group': cacheable(first.text, ofOther.text),
      };
    }),
  );
}
