import type { MiddlewareHandler } from 'hono';
import { problemPage } from '../views/pages/problem-page.ts';
import type { ConsoleOptions } from './console-options.ts';

/** Headers of every page: its own style, script, forms and connections; in no frame, and no address told to others. */
export const guardPages =
  ({ publicUrl, awsSignIn }: Pick<ConsoleOptions, 'publicUrl' | 'awsSignIn'>): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const forms = ["'self'", ...awsSignIn()].join(' ');
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action ${forms}; frame-ancestors 'none'; base-uri 'none'`,
    );
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    // With none at all, browsers send these pages' own forms with the origin `null`.
    c.header('referrer-policy', 'same-origin');
    c.header('x-content-type-options', 'nosniff');
    c.header('x-frame-options', 'DENY');
    c.header('cross-origin-opener-policy', 'same-origin');
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

/** Takes forms of these pages alone: one of another site would act as whoever is signed in here. */
export const ownForms =
  ({ publicUrl, beside = [] }: Pick<ConsoleOptions, 'publicUrl' | 'beside'>): MiddlewareHandler =>
  async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    const isOwn = (!site || site === 'same-origin') && (!origin || origin === publicUrl());
    if (isOwn && (site ?? origin)) return next();
    const told = { title: 'Not taken', say: 'This form was not sent by a page of this console.' };
    return c.html(problemPage({ beside }, told), 403);
  };
