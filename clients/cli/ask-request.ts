import { randomUUID } from 'node:crypto';
import type { RequestView } from '../../lambdas/front-door/request-views.ts';
import type { BrokerClient } from '../sdk/broker-client.ts';
import { jobOf } from '../sdk/job-of.ts';
import type { PosternOptions } from '../sdk/postern.ts';
import { leavesRequestOpen, takeUpOrAsk } from '../sdk/take-up-request.ts';
import { pauseFor, tryAgain } from '../sdk/try-again.ts';
import { tokenOf, waitForDecision } from '../sdk/wait-for-access.ts';
import type { AskOptions } from './ask-for-session.ts';
import { brokerFor, type CliContext, endpointOf, identityOf } from './cli-context.ts';
import { withProgress } from './show-progress.ts';
import { keepRequests } from './stored/keep-requests.ts';

/** Seconds the broker holds an answer. */
const HELD_SECONDS = 20;
/** A review takes seconds, several of them where a model is slow: a dry run that takes longer is shown as it stands. */
const MOST_LOOKS = 6;

/** What would be decided; nobody is asked. */
export async function dryRun(
  { reason, job, references, durationSeconds, subjectToken, signal }: PosternOptions,
  broker: BrokerClient,
): Promise<RequestView> {
  const idempotencyKey = randomUUID();
  const create = async () =>
    broker.createRequest(
      { reason, job, references, durationSeconds, subjectToken: await tokenOf(subjectToken) },
      { wait: HELD_SECONDS, idempotencyKey, signal, dryRun: true },
    );
  let request: RequestView = await tryAgain(create, { attempts: 3, pause: pauseFor, signal });
  for (let looks = 0; request.status === 'PENDING' && looks < MOST_LOOKS; looks += 1)
    request = await lookOnce(request, broker, { subjectToken, signal });
  return request;
}

/**
 * Asks, or goes on with what an interrupted run asked, and waits unless that is not wanted. Whoever is told the id has
 * the request by that: only one that was waited for in vain is left to be taken up.
 */
export async function askRequest(
  wanted: PosternOptions,
  { options, context }: { options: AskOptions & { wait: boolean }; context: CliContext },
): Promise<RequestView> {
  const broker = brokerFor(options, context);
  const { signal, handles = keepRequests(context) } = wanted;
  const job = await jobOf(wanted, { endpoint: endpointOf(options, context), identity: identityOf(options) });
  return withProgress(
    context,
    async (onProgress) => {
      const { request, held } = await takeUpOrAsk(wanted, { broker, handles, job, signal });
      try {
        const decided = options.wait
          ? await waitForDecision(request, broker, { ...wanted, onProgress })
          : await lookOnce(request, broker, wanted);
        await held.forget();
        return decided;
      } catch (error) {
        await (leavesRequestOpen(error) ? held.letGo() : held.forget());
        throw error;
      }
    },
    options,
  );
}

/** Waits for the review alone, which takes seconds. */
const lookOnce = async (
  request: RequestView,
  broker: BrokerClient,
  { subjectToken, signal }: Pick<PosternOptions, 'subjectToken' | 'signal'>,
) =>
  request.status === 'PENDING'
    ? broker.getRequest(request.requestId, {
        wait: HELD_SECONDS,
        subjectToken: await tokenOf(subjectToken),
        signal,
      })
    : request;
