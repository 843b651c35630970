import type { BrokerClient } from '../sdk/broker-client.ts';
import { pictureOf } from './tool-answers.ts';

const OPEN = ['PENDING', 'AWAITING_APPROVAL', 'READY'] as const;
/** Requests of one status that are listed; nobody has more of them open. */
const MOST = 25;

/** The caller's open requests, by what they wait for; says so where there are more than are listed. */
export async function listOpenRequests(
  { listRequests }: Pick<BrokerClient, 'listRequests'>,
  about: Parameters<BrokerClient['listRequests']>[1],
) {
  const pages = await Promise.all(OPEN.map((status) => listRequests({ status, limit: MOST }, about)));
  const requests = pages
    .flatMap((page) => page.requests)
    .map((request) => ({ ...pictureOf(request), reason: request.reason, createdAt: request.createdAt }));
  return {
    requests,
    ...(pages.some(({ nextCursor }) => nextCursor) && { more: 'There are more than these.' }),
  };
}
