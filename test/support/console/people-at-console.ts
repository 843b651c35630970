import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Cloud } from '../start-cloud.ts';
import { unusedCodes } from '../unused-codes.ts';
import { signInAs } from './sign-in-as.ts';

export const PHONE = { width: 390, height: 844 };

/** The demo's people at the console, each in a browser of their own, signed in through the sandbox's issuer. */
export function peopleAtConsole(cloud: Cloud, browser: Browser) {
  const contexts = new Map<string, BrowserContext>();
  /** What scripts said or threw, on any page. */
  const heard: string[] = [];

  async function pageOf(who: string, viewport = PHONE): Promise<Page> {
    let context = contexts.get(who);
    if (!context) {
      context = await browser.newContext();
      context.setDefaultTimeout(30_000);
      contexts.set(who, context);
      await signInAs(await context.newPage(), cloud.urls.console, who);
    }
    const page = await context.newPage();
    page.on('dialog', (dialog) => heard.push(dialog.message()));
    page.on('pageerror', (error) => heard.push(error.message));
    await page.setViewportSize(viewport);
    return page;
  }

  return {
    heard,
    pageOf,
    go: (page: Page, path: string) => page.goto(`${cloud.urls.console}${path}`),
    /** A code that they have not used yet: each counts once. */
    codeOf: unusedCodes(() => cloud.access.stepUp),
  };
}
