import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { PASSKEY_SCRIPT } from '../passkey-script.ts';
import { pressesScript } from './presses.ts';
import { ICON, SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const JAVASCRIPT = 'text/javascript; charset=utf-8';

export const named = (text: string, extension: string) =>
  `/assets/${createHash('sha256').update(text).digest('hex').slice(0, 12)}.${extension}`;

const PASSKEYS = named(PASSKEY_SCRIPT, 'js');
const PRESSES = pressesScript(PASSKEYS);

/** Where the pages' assets are. A name says what it holds, so that whoever has it need not ask again. */
export const ASSETS = {
  style: named(STYLE, 'css'),
  script: named(SCRIPT, 'js'),
  presses: named(PRESSES, 'js'),
  icon: named(ICON, 'svg'),
};

/** The text of an asset and its type, by its path. */
export type Files = ReadonlyMap<string, readonly [text: string, type: string]>;

const FILES: Files = new Map([
  [ASSETS.style, [STYLE, 'text/css; charset=utf-8']],
  [ASSETS.script, [SCRIPT, JAVASCRIPT]],
  [ASSETS.presses, [PRESSES, JAVASCRIPT]],
  [PASSKEYS, [PASSKEY_SCRIPT, JAVASCRIPT]],
  [ASSETS.icon, [ICON, 'image/svg+xml']],
]);

/** The style, the scripts and the icon: no asset of anybody else. */
export const serveAssets = (files: Files = FILES): Hono =>
  new Hono().get('/assets/*', (c) => {
    const [text, type] = files.get(c.req.path) ?? [];
    if (text === undefined || type === undefined) return c.notFound();
    return c.body(text, 200, {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });
