import type { Context, MiddlewareHandler } from 'hono';
import type { ConsoleOptions } from './console-options.ts';

type Guarded = Pick<ConsoleOptions, 'publicUrl'> & {
  /** Where forms may lead beside these pages; see `awsSignIn`. */
  readonly formsTo?: () => readonly string[];
  /** Where scripts connect to beside these pages. */
  readonly connectTo?: () => readonly string[];
  /** What these pages forbid themselves beside. */
  readonly more?: string;
};

/** Headers of every page: its own style, script, forms and connections; in no frame, and no address told to others. */
export const guardPages =
  ({ publicUrl, formsTo = () => [], connectTo = () => [], more = '' }: Guarded): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const forms = ["'self'", ...formsTo()].join(' ');
    const connections = ["'self'", ...connectTo()].join(' ');
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src ${connections}; form-action ${forms}; frame-ancestors 'none'; base-uri 'none'${more && `; ${more}`}`,
    );
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    // With none at all, browsers send these pages' own forms with the origin `null`.
    c.header('referrer-policy', 'same-origin');
    c.header('x-content-type-options', 'nosniff');
    c.header('x-frame-options', 'DENY');
    c.header('cross-origin-opener-policy', 'same-origin');
    // A page of another name of the organisation's is of the same site, and its browser sends our cookies along.
    c.header('cross-origin-resource-policy', 'same-origin');
    if (publicUrl().startsWith('https:')) c.header('strict-transport-security', 'max-age=31536000');
  };

/** Sends whoever came by another name of this host to the one that cookies are kept for. */
export const onOwnHost =
  ({ publicUrl }: Pick<ConsoleOptions, 'publicUrl'>): MiddlewareHandler =>
  async (c, next) => {
    const url = new URL(c.req.url);
    const own = new URL(publicUrl());
    if (c.req.header('host') === own.host) return next();
    if (c.req.method !== 'GET') return c.text('Not at this host.\n', 421);
    return c.redirect(`${own.origin}${url.pathname}${url.search}`, 307);
  };

type OwnForms = Pick<ConsoleOptions, 'publicUrl'> & {
  readonly refuse: (c: Context) => Response | Promise<Response>;
};

/** Takes forms of these pages alone: one of another site would act as whoever is signed in here. */
export const ownForms =
  ({ publicUrl, refuse }: OwnForms): MiddlewareHandler =>
  async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    const isOwn = (!site || site === 'same-origin') && (!origin || origin === publicUrl());
    if (isOwn && (site ?? origin)) return next();
    return refuse(c);
  };
