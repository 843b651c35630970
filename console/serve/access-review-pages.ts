import { Hono } from 'hono';
import { accessReviewPage, accessReviewsPage, reviewItemPage } from '../views/pages/access-reviews-page.ts';
import type { ConsoleEnv } from './console-options.ts';
import { refusalOf } from './tell-problem.ts';

const DONE: Readonly<Record<string, string>> = {
  kept: 'Kept, and recorded.',
  removing: 'The change is proposed; it is done once others have approved it.',
};

/** Reviews of everybody's access: whoever decides reads what they decide on. */
export function accessReviewPages(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();

  app.get('/access-reviews', async (c) =>
    c.html(accessReviewsPage(c.get('frame'), await c.get('api').accessReviews())),
  );

  app.post('/access-reviews', async (c) => {
    const api = c.get('api');
    try {
      await api.openAccessReview();
      return c.redirect('/access-reviews', 303);
    } catch (error) {
      const refused = refusalOf(error);
      return c.html(accessReviewsPage(c.get('frame'), await api.accessReviews(), refused), 422);
    }
  });

  app.get('/access-reviews/:id', async (c) => {
    const { cursor, done } = c.req.query();
    const page = await c.get('api').accessReview(c.req.param('id'), { cursor });
    return c.html(accessReviewPage(c.get('frame'), page, DONE[done ?? '']));
  });

  app.get('/access-reviews/:id/:principal', async (c) => {
    const { id, principal } = c.req.param();
    return c.html(reviewItemPage(c.get('frame'), await c.get('api').accessReviewItem(id, principal)));
  });

  app.post('/access-reviews/:id/:principal', async (c) => {
    const api = c.get('api');
    const form = c.get('form');
    const { id, principal } = c.req.param();
    const decision = form.get('decision') === 'remove' ? 'remove' : 'keep';
    const [groups, jobs] = [form.getAll('group'), form.getAll('job')];
    const taken = { ...(groups.length > 0 && { groups }), ...(jobs.length > 0 && { jobs }) };
    const rationale = form.get('reason') ?? '';
    try {
      const { item } = await api.decideAccess(id, principal, {
        decision,
        rationale,
        digest: form.get('digest'),
        ...(decision === 'remove' && Object.keys(taken).length > 0 && { taken }),
      });
      return c.redirect(`/access-reviews/${encodeURIComponent(id)}?done=${item.state}`, 303);
    } catch (error) {
      const refused = refusalOf(error);
      const found = await api.accessReviewItem(id, principal);
      return c.html(reviewItemPage(c.get('frame'), { ...found, refused, typed: rationale }), 422);
    }
  });
  return app;
}
