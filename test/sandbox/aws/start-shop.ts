import { readFileSync } from 'node:fs';
import { catalogSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { ACCOUNT, startSmall } from './small-endpoint.ts';

const { resources } = catalogSchema.parse(
  JSON.parse(readFileSync('docs/examples/catalog-every-kind.json', 'utf8')),
);
const SHOP = resources.map((entry) =>
  resolveArns(entry, { partition: 'aws', region: 'eu-central-1', accountId: ACCOUNT }),
);
const FIFO = { ...SHOP.find(({ key }) => key === 'orders_jobs'), key: 'orders_in_order' };

/** The endpoint with what the example's catalog names, and a FIFO queue; for whoever may do everything. */
export async function startShop() {
  const fifo = {
    ...FIFO,
    arns: [`arn:aws:sqs:eu-central-1:${ACCOUNT}:orders.fifo`],
  } as (typeof SHOP)[number];
  const { aws, admin } = await startSmall({}, [], [...SHOP, fifo]);
  return {
    client: { endpoint: aws.url, region: 'eu-central-1', credentials: admin, maxAttempts: 1 },
    admin,
    url: aws.url,
    close: aws.close,
  };
}
export type Shop = Awaited<ReturnType<typeof startShop>>;
