import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Fetch, makeSignedFetch } from '../../clients/sdk/signed-fetch.ts';
import { REGION } from '../../demo/place.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { UNLIMITED } from '../bench/unlimited.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { startCloud } from '../support/start-cloud.ts';

type Deployed = Pick<NonNullable<Parameters<typeof startCloud>[0]>, 'template' | 'bundles'>;

/** A signed call as it goes over the network: what somebody gets who overhears it. */
export type Overheard = { readonly url: URL; readonly init: RequestInit };

export const REASON = 'The weekly report needs the operational metrics.';

/** Grants the analyst its metrics at once; people are asked about anybody else. */
const review = ({ principal }: Asked): Line =>
  principal.id === 'analyst1'
    ? proposing('bank_operational_metrics', ['dynamodb:Query'])
    : proposing('bank_customer_profiles', ['dynamodb:GetItem']);

/** A sandbox under attack, and what attackers do with it. */
export async function startStage(deployed: Deployed = {}) {
  const tier = { timeoutSeconds: 600, approverGroup: 'approvers' };
  const cloud = await startCloud({
    ...deployed,
    limits: { human: UNLIMITED, agent: UNLIMITED },
    tiers: [{ ...tier, name: 'access-approvers', channel: '#access-approvals' }],
  });
  cloud.reviewer.says(review);
  const analyst = cloud.as('analyst1');

  return {
    cloud,

    async rowOf(requestId: string): Promise<RequestRow> {
      const { Item } = await cloud.database.send(
        new GetCommand({ TableName: 'postern_requests', Key: { requestId }, ConsistentRead: true }),
      );
      return Item as RequestRow;
    },

    /** A request that is decided and waits to be claimed. */
    async ready(): Promise<string> {
      const { body } = await analyst('POST', '/requests?wait=20', { reason: REASON });
      if (body.status !== 'READY') throw new Error(`not ready: ${JSON.stringify(body)}`);
      return String(body.requestId);
    },

    /** Signs a call as a principal, and keeps it instead of sending it. */
    async overhear(as: string, path: string, body: unknown): Promise<Overheard> {
      const key = cloud.access.principals[as];
      if (!key) throw new Error(`the demo has no principal ${as}`);
      let overheard: Overheard | undefined;
      const keep: Fetch = async (url, init) => {
        overheard = { url, init };
        return new Response();
      };
      const identity = { credentials: async () => key, region: async () => REGION };
      await makeSignedFetch(
        identity,
        keep,
      )({ method: 'POST', url: new URL(`${cloud.urls.api}${path}`), body: JSON.stringify(body) });
      if (!overheard) throw new Error('nothing was sent');
      return overheard;
    },

    /** Sends an overheard call, with what the attacker changes of it. */
    async replay(
      { url, init }: Overheard,
      change: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
    ) {
      const headers = { ...(init.headers as Record<string, string>), ...change.headers };
      const answer = await fetch(url, { ...init, ...change, headers });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
}
export type Stage = Awaited<ReturnType<typeof startStage>>;

export const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
