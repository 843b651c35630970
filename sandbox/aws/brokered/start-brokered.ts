import { openModels } from '../../../gateway/identify/read-models.ts';
import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { openBuckets } from '../buckets/bucket-store.ts';
import { openLogGroups } from '../logs/log-store.ts';
import { makeRoom } from '../make-room.ts';
import { makeNameOthers } from '../name-others.ts';
import { makeQueue } from '../queues/queue-store.ts';
import { createCognito } from '../services/cognito.ts';
import { createLambda } from '../services/lambda.ts';
import { createLogs } from '../services/logs.ts';
import { createS3 } from '../services/s3.ts';
import { createSns } from '../services/sns.ts';
import { createSqs } from '../services/sqs.ts';
import type { AwsService } from '../types.ts';
import { fillWithSamples, SAMPLE_USERS } from './fill-with-samples.ts';
import { resourcesOfCatalog } from './resources-of-catalog.ts';

/** Bytes that callers may store in all of these services together. */
const ROOM_BYTES = 64 * 1024 * 1024;

type Options = {
  readonly catalog: readonly CatalogResource[];
  readonly region: string;
  readonly accountId: string;
  /** The audit log's buckets. */
  readonly archive: AwsService;
  /** Queues and topics of the broker itself. */
  readonly own: { readonly queues: readonly string[]; readonly topicArns: readonly string[] };
  /** Where the endpoint is reached, once it is. */
  readonly url: () => string;
};

/**
 * The services that have nothing but what the catalog names: each in memory, with something in it to read. What a
 * session can do to them is IAM's to say, as everywhere.
 */
export function startBrokered({ catalog, region, accountId, archive, own, url }: Options) {
  const resources = resourcesOfCatalog(catalog, { region, accountId });
  const models = openModels();
  const nameOthers = makeNameOthers(models, { partition: 'aws', region, account: accountId });
  const room = makeRoom(ROOM_BYTES);
  const buckets = openBuckets(resources.buckets, room);
  const logGroups = openLogGroups(resources.logGroups, room);
  fillWithSamples(resources, buckets, logGroups);
  const queues = new Map([...resources.queues, ...own.queues].map((name) => [name, makeQueue(name, room)]));
  const topics = createSns([...resources.topicArns, ...own.topicArns], nameOthers);
  const here = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const services: AwsService[] = [
    createS3(archive, buckets, { region, room, nameOthers }),
    createSqs(queues, {
      arnStart: `arn:aws:sqs:${region}:`,
      account: accountId,
      url,
      nameOthers,
    }),
    topics.service,
    createLambda(resources.functions, here('lambda', 'function:'), nameOthers),
    createLogs(logGroups, here('logs', 'log-group:'), nameOthers),
    createCognito(resources.userPools, SAMPLE_USERS, here('cognito-idp', 'userpool/'), nameOthers),
  ];
  return {
    resources,
    models,
    nameOthers,
    services,
    queueOf: (name: string) => queues.get(name),
    published: topics.published,
  };
}
