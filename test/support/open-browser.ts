import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian and macOS have Chromium; first what of it shows nothing, which takes a third of the work less. */
const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const isThere = (path: string | undefined): path is string => {
  try {
    accessSync(path ?? '', constants.X_OK);
    return path !== undefined;
  } catch {
    return false;
  }
};

const found = PLACES.find(isThere);

/** Whether browser tests can run. In CI a missing browser fails them; elsewhere they are skipped. */
export const hasBrowser = found !== undefined || process.env.CI === 'true';

/**
 * Starts Chromium, for somebody who wants nothing to move: where no graphics card draws, what pulses on an open page takes a
 * processor for as long as it is open. Throws, and says what to install, where there is none.
 */
export async function openBrowser(): Promise<Browser> {
  if (!found)
    throw new Error('no Chromium found: install it (apt-get install chromium), or set CHROMIUM_PATH');
  return chromium.launch({
    executablePath: found,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-prefers-reduced-motion'],
  });
}
