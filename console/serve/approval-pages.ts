import { Hono } from 'hono';
import * as z from 'zod';
import type { ApprovalView } from '../../lambdas/cast-vote/vote-views.ts';
import type { Api } from '../api/api-client.ts';
import { approvalCard, approvalsPage } from '../views/pages/approvals-page.ts';
import type { VoterPasskeys } from '../views/parts/vote-forms.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';
import { refusalOf } from './tell-problem.ts';

const partSchema = z.tuple([z.string(), z.string()]);
const DONE: Record<string, string> = {
  voted: 'Your answer is recorded.',
  denied: 'Your denial is recorded.',
};

/** Grants made of the parts that are left, in the order that was asked. */
function grantsLeft({ grants }: ApprovalView, parts: readonly string[]) {
  const left = parts.flatMap((part) => {
    try {
      return [partSchema.parse(JSON.parse(part))];
    } catch {
      return [];
    }
  });
  const isLeft = (resource: string, action: string) =>
    left.some(([leftResource, leftAction]) => leftResource === resource && leftAction === action);
  return grants
    .map(({ resource, actions }) => ({
      resource,
      actions: actions.filter((action) => isLeft(resource, action)),
    }))
    .filter(({ actions }) => actions.length > 0);
}

/** What a passkey answered; what is none the API refuses. */
function assertionIn(text: string | undefined): unknown {
  try {
    return text && JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether whoever is signed in may answer with a passkey, and has one. */
async function passkeysOf(api: Api, publicUrl: string): Promise<VoterPasskeys> {
  const { passkeys, origin } = await api.passkeys();
  return { count: passkeys.length, areTakenHere: origin === publicUrl };
}

/** The vote that a form is. What it holds to be less is held against what was asked by the API. */
function voteIn(form: URLSearchParams, asked: ApprovalView) {
  const text = (name: string) => form.get(name) || undefined;
  const decision = text('decision');
  const common = {
    decision,
    proposalDigest: text('proposalDigest'),
    code: text('code'),
    assertion: assertionIn(text('assertion')),
    reason: text('reason'),
  };
  const window = Number(text('windowSeconds') ?? 0);
  if (decision === 'deny') return common;
  if (decision !== 'approve_less') return { ...common, ...(window > 0 && { windowSeconds: window }) };
  const grants = grantsLeft(asked, form.getAll('part'));
  const isWhole = JSON.stringify(grants) === JSON.stringify(asked.grants);
  const seconds = text('durationSeconds');
  const narrowing = { ...(!isWhole && { grants }), ...(seconds && { durationSeconds: Number(seconds) }) };
  return { ...common, narrowing };
}

/** What waits for an approver, and the card on which they answer. */
export function approvalPages(
  { publicUrl }: Pick<ConsoleOptions, 'publicUrl'>,
  clock: () => Date,
): Hono<ConsoleEnv> {
  /** What is asked, and how whoever is signed in proves an answer. */
  const look = async (api: Api, id: string) => {
    const [asked, passkeys] = await Promise.all([api.votes(id), passkeysOf(api, publicUrl())]);
    return { asked, passkeys };
  };

  const app = new Hono<ConsoleEnv>();
  app.get('/approvals', async (c) => {
    const { approvals } = await c.get('api').approvals();
    const frame = { ...c.get('frame'), waiting: approvals.length };
    return c.html(approvalsPage(frame, approvals, DONE[c.req.query('done') ?? ''], clock()));
  });

  app.get('/approvals/:id', async (c) => {
    const found = await look(c.get('api'), c.req.param('id'));
    return c.html(approvalCard(c.get('frame'), { ...found, now: clock() }));
  });

  // For the page's script, which signs nothing but what the page itself shows.
  app.post('/approvals/:id/challenge', async (c) => {
    const api = c.get('api');
    const id = c.req.param('id');
    try {
      const {
        code: _,
        assertion: _none,
        reason: _said,
        ...ballot
      } = voteIn(c.get('form'), await api.votes(id));
      return c.json(await api.challenge(id, ballot));
    } catch (error) {
      return c.json({ say: refusalOf(error) }, 409);
    }
  });

  app.post('/approvals/:id', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const found = await look(api, c.req.param('id'));
    const vote = voteIn(form, found.asked);
    try {
      await api.vote(c.req.param('id'), vote);
    } catch (error) {
      const refused = refusalOf(error);
      const typed = Object.fromEntries(
        [...form].filter(([name]) => ['decision', 'reason', 'windowSeconds'].includes(name)),
      );
      return c.html(approvalCard(c.get('frame'), { ...found, refused, typed, now: clock() }), 409);
    }
    return c.redirect(`/approvals?done=${vote.decision === 'deny' ? 'denied' : 'voted'}`, 303);
  });
  return app;
}
