import type { Browser, BrowserContext, Page } from 'playwright-core';
import { totpOf } from '../../../lambdas/shared/votes/check-step-up.ts';
import type { Cloud } from '../start-cloud.ts';
import { signInAs } from './sign-in-as.ts';

export const PHONE = { width: 390, height: 844 };

/** The demo's people at the console, each in a browser of their own, signed in through the sandbox's issuer. */
export function peopleAtConsole(cloud: Cloud, browser: Browser) {
  const contexts = new Map<string, BrowserContext>();
  const unused = new Map<string, number[]>();
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
    codeOf(who: string): string {
      const steps = unused.get(who) ?? [-30, 0, 30];
      const timestamp = Date.now() + (steps.shift() ?? 0) * 1000;
      unused.set(who, steps);
      return totpOf(cloud.access.stepUp[who] ?? '').generate({ timestamp });
    },
  };
}
