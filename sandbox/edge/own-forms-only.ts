import type { MiddlewareHandler } from 'hono';

/**
 * Takes forms from this address's own pages only: a page of another site would act as somebody here. Whatever
 * is not a POST passes.
 */
export const ownFormsOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'POST') {
    const site = c.req.header('sec-fetch-site') ?? 'none';
    const origin = c.req.header('origin');
    const isOwnSite = site === 'same-origin' || site === 'none';
    const isOwnOrigin = !origin || (URL.canParse(origin) && new URL(origin).host === c.req.header('host'));
    if (!isOwnSite || !isOwnOrigin) return c.text('Forms of this page only.\n', 403);
  }
  await next();
};

/** Scripts and forms of these pages alone; nothing from elsewhere, in no frame. */
export const PAGE_SECURITY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
