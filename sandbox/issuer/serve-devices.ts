import { randomBytes, randomInt } from 'node:crypto';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { ownFormsOnly } from '../edge/own-forms-only.ts';
import { page } from '../edge/page.ts';
import { pickPerson } from './pick-person.ts';

/** Seconds for which somebody may confirm, and between two looks of the device. */
const LASTS_SECONDS = 600;
const INTERVAL_SECONDS = 1;
export const DEVICE_CLIENT = 'postern-device';
/** Letters that nobody mistakes for another (RFC 8628, section 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

type Device = { userCode: string; person?: string; untilMs: number };
export type DeviceAnswer = { readonly person: string } | { readonly error: string };

/** Device authorization: codes for devices, and the page on which people confirm them. */
export function serveDevices(app: Hono, issuer: () => string, people: readonly string[]) {
  const devices = new Map<string, Device>();
  const byUserCode = (code: unknown) =>
    [...devices.values()].find(({ userCode, untilMs }) => userCode === code && untilMs > Date.now());

  app.post('/device_authorization', async (c) => {
    const { client_id: client } = await c.req.parseBody();
    if (client !== DEVICE_CLIENT) return c.json({ error: 'invalid_client' }, 400);
    const deviceCode = randomBytes(32).toString('base64url');
    const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    devices.set(deviceCode, { userCode, untilMs: Date.now() + LASTS_SECONDS * 1000 });
    c.header('cache-control', 'no-store');
    return c.json({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${issuer()}/device`,
      expires_in: LASTS_SECONDS,
      interval: INTERVAL_SECONDS,
    });
  });
  app.use('/device', ownFormsOnly);
  app.get('/device', (c) =>
    c.html(
      page(
        'Confirm a device',
        html`<form method="post">
          <p><label>Code <input name="user_code" autocomplete="off" /></label></p>
          <p><button>Continue</button></p>
        </form>`,
      ),
    ),
  );
  app.post('/device', async (c) => {
    const form = await c.req.parseBody();
    const device = byUserCode(form.user_code);
    if (!device) return c.html(page('No such code', html`<p>It was mistyped, or is too old.</p>`), 400);
    const person = people.find((id) => id === form.person);
    const note = `Confirm only what you started yourself. Code ${device.userCode}:`;
    if (!person) return c.html(pickPerson('Confirm', people, { user_code: device.userCode }, note));
    device.person = person;
    return c.html(page('Confirmed', html`<p>Go back to your device.</p>`));
  });

  return {
    /** Who confirmed a device's code: once. */
    redeem(deviceCode: string): DeviceAnswer {
      const device = devices.get(deviceCode);
      if (!device || device.untilMs <= Date.now()) return { error: 'expired_token' };
      if (device.person === undefined) return { error: 'authorization_pending' };
      devices.delete(deviceCode);
      return { person: device.person };
    },
  };
}
export type DevicePage = ReturnType<typeof serveDevices>;
