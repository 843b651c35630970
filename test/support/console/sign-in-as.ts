import type { Page } from 'playwright-core';

/** Signs in at the console as one of the demo's people, through the sandbox's issuer. */
export async function signInAs(page: Page, console: string, id: string, to = '/'): Promise<void> {
  await page.goto(`${console}/sign-in?${new URLSearchParams({ to })}`);
  await page.getByRole('button', { name: id, exact: true }).click();
  await page.waitForURL((url) => url.origin === new URL(console).origin && url.pathname === to.split('?')[0]);
}
