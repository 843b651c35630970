import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { REGION } from '../../../demo/place.ts';
import { nameNeeds } from '../../../gateway/identify/iam/name-needs.ts';
import { openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import { identify } from '../../../gateway/identify/identify.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { proposing } from '../../support/scripted-reviewer.ts';
import { CALLS_TO_NAME } from '../../unit/gateway/calls-to-name.ts';
import type { Row, Say, Size } from '../figure.ts';
import { figureOf, measure } from '../measure.ts';
import { startBenchCloud } from '../start-bench-cloud.ts';
import { measureThrough } from '../through-gateway.ts';

const ROUNDS: Readonly<Record<Size, number>> = { whole: 1500, short: 20 };
const WARM_UP = 200;
const METRIC = { metric: { S: 'calls_waiting' }, day: { S: '2026-11-20' } };
const PLACE = { partition: 'aws', region: REGION, account: '111122223333' };

/** What naming alone takes, in milliseconds. */
function nameAll(rounds: number): number[] {
  const [models, iam] = [openModels(), openIamData()];
  const samples: number[] = [];
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    for (const { call, signingName } of CALLS_TO_NAME) {
      const startedAt = performance.now();
      const named = identify({ ...call, signingName }, models);
      if ('notNamed' in named || !nameNeeds(named, PLACE, iam)) throw new Error(`not named: ${signingName}`);
      if (round >= WARM_UP) samples.push(performance.now() - startedAt);
    }
  }
  return samples;
}

/** What the gateway adds to a call, beside what one write of its records takes. */
export async function takeFigure(say: Say, size: Size): Promise<Row[]> {
  const rounds = ROUNDS[size];
  const named = figureOf(nameAll(rounds));
  const passing = await measureThrough(size);
  const cloud = await startBenchCloud(size, { gatewayPort: 0 });
  try {
    cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem']));
    const { body } = await cloud.as('analyst1')('POST', '/delegations', { reason: 'The weekly report.' });
    const opened = await fetch(`${cloud.urls.gateway}/_postern/sessions`, {
      method: 'POST',
      body: JSON.stringify({ delegation: body.delegation }),
    });
    const { accessKeyId, secretAccessKey, sessionToken } = (await opened.json()) as Record<string, string>;
    const credentials = {
      accessKeyId: `${accessKeyId}`,
      secretAccessKey: `${secretAccessKey}`,
      sessionToken: `${sessionToken}`,
    };
    const through = new DynamoDBClient({ region: REGION, endpoint: cloud.urls.gateway ?? '', credentials });
    const straight = new DynamoDBClient(cloud.clientOptions);
    const get = (client: DynamoDBClient) => () =>
      client.send(new GetItemCommand({ TableName: 'bank_operational_metrics', Key: METRIC }));
    let seq = 0;
    const write = () => {
      seq += 1;
      const Item = { session: 'bench', seq, facts: { text: 'x'.repeat(600) } };
      return cloud.database.send(
        new PutCommand({
          TableName: 'postern_calls',
          Item,
          ConditionExpression: 'attribute_not_exists(seq)',
        }),
      );
    };
    const kinds = [get(straight), get(through), write] as const;
    const samples: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      if (round % 500 === 0) say(`  ${round} of ${rounds}`);
      for (const [kind, task] of kinds.entries()) samples[kind]?.push(...(await measure(1, 1, task)));
    }
    through.destroy();
    straight.destroy();
    const [direct, gateway, written] = samples.map(figureOf);
    if (!direct || !gateway || !written) throw new Error('nothing was measured');
    const added = { p50: gateway.p50 - direct.p50, p95: gateway.p95 - direct.p95 };
    const round = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
    return [
      { what: 'straight to the endpoint', ...direct },
      { what: 'through the gateway', ...gateway },
      { what: '  what it adds', p50: round(added.p50), p95: round(added.p95) },
      { what: '  one write of the same table', ...written },
      {
        what: '  what it adds besides',
        p50: round(added.p50 - written.p50),
        p95: round(added.p95 - written.p95),
      },
      { what: 'naming a call and its needs', ...named },
      ...passing,
    ];
  } finally {
    await cloud.close();
  }
}
