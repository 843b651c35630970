import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recallReview } from '../../../lambdas/load-policy/recall-review.ts';
import { loadedStateSchema, makeReviewRequest } from '../../../lambdas/review-request/review-request.ts';
import { makeReviewsTable } from '../../../lambdas/shared/adapters/tables/reviews-table.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { RememberedReviews } from '../../../lambdas/shared/domain/limits/limits-config.ts';
import { keyOfReview, reviewerDigest } from '../../../lambdas/shared/domain/limits/remembered-review.ts';
import type { Review } from '../../../lambdas/shared/domain/review.ts';
import type { WorkflowState } from '../../../lambdas/shared/domain/workflow-state.ts';
import { rememberReview } from '../../../lambdas/write-log/remember-review.ts';
import { ofBank } from '../../support/bank.ts';
import { grantedState, NOW, voteBy } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

const grantable = {
  resource: catalogResourceSchema.parse({
    key: 'bank_operational_metrics',
    kind: 'dynamodb-table',
    arns: ['arn:aws:dynamodb:eu-central-1:123456789012:table/bank_operational_metrics'],
    purpose: 'Daily operational metrics of the bank',
    sensitivity: 'internal',
    actions: { read: ['dynamodb:Query', 'dynamodb:GetItem'] },
    maxDurationSeconds: 3600,
  }),
  actions: ['dynamodb:Query', 'dynamodb:GetItem'],
};
const proposal = {
  approved: true,
  durationSeconds: 900,
  risk: 'low',
  authorization: 'explicit',
  reason: 'Fits the rule.',
  grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
};

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['reviews']);
});
afterAll(() => tables.close());

let modelCalls = 0;
let seconds = 0;
let nth = 0;
let salt = '';
beforeEach(() => {
  [modelCalls, seconds] = [0, 0];
  nth += 1;
  salt = String(nth);
});
const clock = () => new Date(NOW.getTime() + seconds * 1000);
const AN_HOUR: RememberedReviews = { seconds: 3600, wherePeopleAreAsked: false };

type World = {
  readonly terms?: RememberedReviews | undefined;
  readonly model?: string;
  /** Another than the first reviewer answers, by its digest. */
  readonly answeredBy?: string;
  readonly says?: object;
  readonly offered?: typeof grantable;
};

const reviewsTable = () => makeReviewsTable({ client: tables.client, tableName: 'reviews' });

/** A request of this test, before anything is decided; `id` tells it from its repeats. */
function stateOf(id: string, change: (state: WorkflowState) => void = () => {}): WorkflowState {
  const { verdict: _, ...state } = structuredClone(grantedState());
  state.request.requestId = `analyst1-01M8K2SXYNG5WATYRJ9YVWTZ${id}`;
  state.request.reason = `The weekly report needs the metrics, ${salt}.`;
  state.request.createdAt = clock().toISOString();
  change(state);
  return state;
}

/** What LoadPolicy and ReviewRequest do. */
async function review(state: WorkflowState, world: World = {}): Promise<Review> {
  const terms = 'terms' in world ? world.terms : AN_HOUR;
  const { request, loaded } = state;
  if (!loaded) throw new Error('not loaded');
  const recalled = await recallReview(request, loaded, {
    reviews: reviewsTable(),
    rememberedReviews: () => terms,
    clock,
  });
  return makeReviewRequest({
    async ask() {
      modelCalls += 1;
      const text = JSON.stringify(world.says ?? proposal);
      return {
        ...{ kind: 'text', text, model: 'the-model-of-today', responseId: `resp_${modelCalls}` },
        ...(world.answeredBy !== undefined && { reviewerDigest: world.answeredBy }),
      };
    },
    grantableFor: () => [world.offered ?? grantable],
    subjects: 'shown',
    remembers: () => terms && reviewerDigest(world.model ?? 'a-model', 'https://model.example'),
    clock,
  })(loadedStateSchema.parse({ ...state, loaded: { ...loaded, ...(recalled && { recalled }) } }));
}

/** What WriteLog does once the request was issued. */
const issue = (state: WorkflowState, made: Review, terms: RememberedReviews | undefined = AN_HOUR) =>
  rememberReview(
    { ...state, review: made },
    {
      reviews: reviewsTable(),
      rememberedReviews: () => terms,
      log: { error: (message) => expect.unreachable(message) },
    },
  );

/** A request that was reviewed and issued. */
async function issued(world: World = {}) {
  const state = stateOf('A1');
  const made = await review(state, world);
  await issue(state, made);
  return { state, made };
}

test('the same request again is not reviewed again, and says whose review it is', async () => {
  const { state, made } = await issued();
  seconds = 3599;
  const again = await review(stateOf('B2'));
  expect(modelCalls).toBe(1);
  expect(again).toEqual({
    outcome: 'proposal',
    proposal,
    attempt: 1,
    model: 'the-model-of-today',
    promptDigest: made.promptDigest,
    responseId: 'resp_1',
    remembered: { requestId: state.request.requestId, reviewedAt: NOW.toISOString() },
  });
  seconds = 3600;
  expect(await review(stateOf('C3'))).not.toHaveProperty('remembered');
  expect(modelCalls).toBe(2);
});

test('a repeat is no review, and prolongs nothing', async () => {
  await issued();
  seconds = 3000;
  const repeat = stateOf('B2');
  const again = await review(repeat);
  await issue(repeat, again);
  seconds = 3700;
  await review(stateOf('C3'));
  expect(modelCalls).toBe(2);
});

const principalTo =
  (change: object): ((state: WorkflowState) => void) =>
  ({ loaded }) => {
    if (!loaded) throw new Error('not loaded');
    Object.assign(loaded.principal, change);
    loaded.digests.principal = digestOf(loaded.principal);
  };
const subject = (issuer: string, id: string) => (state: WorkflowState) =>
  void Object.assign(state.request, { subject: { issuer, id } });

const because =
  (more: string) =>
  ({ request }: WorkflowState): void => {
    request.reason += more;
  };
const digests =
  (change: object) =>
  ({ loaded }: WorkflowState): void => {
    if (!loaded) throw new Error('not loaded');
    Object.assign(loaded.digests, change);
  };

const OTHERS: Record<string, (state: WorkflowState) => void> = {
  'another principal': (state) => {
    state.request.principalId = 'analyst2';
    principalTo({ id: 'analyst2' })(state);
  },
  'another principal, were digests alike': ({ request }) => {
    request.principalId = 'analyst2';
  },
  'the principal, changed': principalTo({ version: 99 }),
  'a subject': subject('https://login.example', 'c-1042'),
  'another reason': because(' Now.'),
  'a duration': ({ request }) => {
    request.durationSeconds = 900;
  },
  'another policy': ({ loaded }) => {
    if (loaded) loaded.policy.digest = 'sha256:other';
  },
  'another catalog': digests({ catalog: 'sha256:other' }),
  'other guardrails': digests({ guardrails: 'sha256:other' }),
  'other tiers': digests({ approvals: 'sha256:other' }),
  'a dry run': ({ request }) => {
    request.dryRun = true;
  },
};

describe('it never serves', () => {
  test.each(Object.keys(OTHERS))('%s', async (other) => {
    await issued();
    expect(await review(stateOf('B2', OTHERS[other]))).not.toHaveProperty('remembered');
    expect(modelCalls).toBe(2);
  });

  test.each([
    ['https://login.example', 'c-2077'],
    ['https://other.example', 'c-1042'],
  ])('another subject: %s %s', async (issuer, id) => {
    const first = stateOf('A1', subject('https://login.example', 'c-1042'));
    await issue(first, await review(first));
    await review(stateOf('B2', subject(issuer, id)));
    expect(modelCalls).toBe(2);
    await review(stateOf('C3', subject('https://login.example', 'c-1042')));
    expect(modelCalls).toBe(2);
  });

  test('another duration', async () => {
    const lasting = (durationSeconds: number) => (state: WorkflowState) =>
      void Object.assign(state.request, { durationSeconds });
    const first = stateOf('A1', lasting(900));
    await issue(first, await review(first));
    await review(stateOf('B2', lasting(3600)));
    expect(modelCalls).toBe(2);
  });

  test('a broker that asks another model', async () => {
    await issued();
    await review(stateOf('B2'), { model: 'another-model' });
    expect(modelCalls).toBe(2);
  });

  test('a request that would be offered something else', async () => {
    await issued();
    const offered = { ...grantable, actions: ['dynamodb:GetItem'] };
    await review(stateOf('B2'), { offered });
    expect(modelCalls).toBe(2);
  });

  test('where nothing is remembered: nothing tells which model was asked', async () => {
    await issued();
    expect(await review(stateOf('B2'), { terms: undefined })).not.toHaveProperty('reviewedBy');
    expect(modelCalls).toBe(2);
  });

  test('for longer than the time that is set now', async () => {
    await issued();
    seconds = 61;
    await review(stateOf('B2'), { terms: { ...AN_HOUR, seconds: 60 } });
    expect(modelCalls).toBe(2);
  });

  test('before its request was issued, nor what was not approved', async () => {
    await review(stateOf('A1'));
    await review(stateOf('B2'));
    expect(modelCalls).toBe(2);
    const no = stateOf('C3', because(' No.'));
    await issue(no, await review(no, { says: { ...proposal, approved: false } }));
    await review(stateOf('D4', because(' No.')));
    expect(modelCalls).toBe(4);
  });

  test('after people were modelCalls, unless that is set', async () => {
    const { evidence } = voteBy(ofBank('approver1'));
    const first = stateOf('A1');
    await issue({ ...first, evidence }, await review(first));
    const second = stateOf('B2');
    const made = await review(second);
    expect(modelCalls).toBe(2);
    await issue({ ...second, evidence }, made, { ...AN_HOUR, wherePeopleAreAsked: true });
    await review(stateOf('C3'));
    expect(modelCalls).toBe(2);
  });
});

test('of two that were reviewed at once the later one serves, whoever is issued first', async () => {
  const early = stateOf('A1');
  const ofEarly = await review(early);
  seconds = 5;
  const late = stateOf('B2');
  const ofLate = await review(late);
  await issue(late, ofLate);
  await issue(early, ofEarly);
  const key = late.loaded && keyOfReview(late.request, late.loaded);
  expect(await reviewsTable().get(String(key))).toMatchObject({
    requestId: late.request.requestId,
    responseId: 'resp_2',
    ttl: NOW.getTime() / 1000 + 5 + 3600,
  });
});

test('a review that the validator sent back is made anew, whatever is remembered', async () => {
  await issued();
  const retry = { outcome: 'retry_review', nextAttempt: 2, reasons: [{ code: 'no_grants' }] };
  const state = stateOf('B2');
  const sentBack = { ...grantedState().verdict, ...retry } as WorkflowState['verdict'];
  expect(await review({ ...state, verdict: sentBack, review: await review(state) })).toMatchObject({
    attempt: 2,
    responseId: 'resp_2',
  });
});

test('where the table is out of reach, an issued request is issued all the same, and it is logged', async () => {
  const logged: string[] = [];
  const state = stateOf('A1');
  await rememberReview(
    { ...state, review: await review(state) },
    {
      reviews: { keep: () => Promise.reject(new Error('down')) },
      rememberedReviews: () => AN_HOUR,
      log: { error: (message) => logged.push(message) },
    },
  );
  expect(logged).toEqual(['review not remembered']);
});

test('what another reviewer said while the first could not be asked is not remembered as the first one’s', async () => {
  await issued({ answeredBy: reviewerDigest('another-model', 'https://another.example') });
  expect(await review(stateOf('B2'))).not.toHaveProperty('remembered');
  expect(modelCalls).toBe(2);
});
