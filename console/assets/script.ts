/**
 * The pages' one script: times in the reader's zone, clocks that run, ids that copy, pages that follow what happens. Every
 * page works without it. It puts nothing into a page but what the server wrote, which escapes all that it shows.
 */
export const SCRIPT = `
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const near = (ms) => {
  const seconds = Math.round(ms / 1000), minutes = Math.round(ms / 60000);
  return Math.abs(seconds) < 90 ? relative.format(seconds, 'second') : Math.abs(minutes) < 90 ? relative.format(minutes, 'minute') : relative.format(Math.round(minutes / 60), 'hour');
};
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const tick = () => {
  for (const time of document.querySelectorAll('time[data-until]')) {
    const left = Date.parse(time.dateTime) - Date.now();
    time.textContent = left > 0 ? near(left) : 'over';
    time.title = dates.format(new Date(time.dateTime));
  }
};
const settle = () => {
  for (const time of document.querySelectorAll('time:not([data-until])')) { time.title = time.dateTime; time.textContent = dates.format(new Date(time.dateTime)); }
  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;
  tick();
};
settle();
setInterval(tick, 1000);
document.addEventListener('click', async ({ target }) => {
  const button = target.closest?.('[data-copy]');
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.copy); button.textContent = 'Copied'; } catch { button.textContent = 'Cannot copy'; }
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});
for (const form of document.querySelectorAll('form[method=post]')) form.addEventListener('submit', () => {
  setTimeout(() => { for (const button of form.querySelectorAll('button')) button.disabled = true; });
});
addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload(); });
const isBusy = () => document.activeElement?.closest('form, details') || document.querySelector('main details[open], main input:focus');
// What changed while a look was under way, in a hidden tab or beside a half-filled form is looked at afterwards.
let stale = false, looking = false, lastSeen, held;
// What was asked on somebody's behalf is shown to their token alone. It is held here while the page is open: in no address and in no storage.
const ask = () => held ? fetch(held.action, { method: 'POST', body: held.body, redirect: 'error' }) : fetch(location.href, { redirect: 'error' });
const mainIn = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
const put = (fresh) => {
  lastSeen = fresh.innerHTML;
  document.querySelector('main').replaceChildren(...fresh.childNodes);
  for (const name of ['live', 'follows']) document.querySelector('main').dataset[name] = fresh.dataset[name] ?? '';
  if (!fresh.dataset.follows) held = undefined;
  settle();
};
const look = async () => {
  stale = true;
  if (looking || document.hidden || isBusy()) return;
  looking = true;
  try {
    while (stale) {
      stale = false;
      const answer = await ask();
      // A token that is over: the page says so, and asks for another.
      if (!answer.ok && !(held && answer.status === 409)) throw new Error(String(answer.status));
      const fresh = await mainIn(answer);
      document.querySelector('#offline')?.setAttribute('hidden', '');
      if (isBusy()) { stale = true; return; }
      if (!fresh || fresh.innerHTML === lastSeen) continue;
      put(fresh);
    }
  } catch { document.querySelector('#offline')?.removeAttribute('hidden'); }
  finally { looking = false; }
};
const catchUp = () => { if (stale) look(); };
document.addEventListener('visibilitychange', catchUp);
document.addEventListener('focusout', () => setTimeout(catchUp));
document.addEventListener('toggle', catchUp, true);
const main = document.querySelector('main');
if (main?.dataset.changes) { const changes = new EventSource(main.dataset.changes); changes.addEventListener('changed', look); changes.addEventListener('over', () => changes.close()); }
else if (main?.dataset.live) setInterval(() => { if (main.dataset.live) look(); }, 3000);
setInterval(() => { if (held) look(); }, 3000);
addEventListener('pagehide', () => { held = undefined; });
document.addEventListener('submit', async (event) => {
  const form = event.target, token = new FormData(form).get('subjectToken');
  if (!('follow' in form.dataset) || !token || event.submitter?.name) return;
  event.preventDefault();
  const csrf = new FormData(form).get('csrf');
  try {
    const fresh = await mainIn(await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'error' }));
    const path = fresh.dataset.follows;
    held = path ? { action: path + '/look', body: new URLSearchParams({ csrf, subjectToken: token }) } : undefined;
    put(fresh);
    if (path) history.replaceState(null, '', path);
    scrollTo(0, 0);
  } catch {
    document.querySelector('#offline')?.removeAttribute('hidden');
    setTimeout(() => { for (const button of form.querySelectorAll('button')) button.disabled = false; });
  }
});
`;

/** A small door in a wall. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0b4fa3" d="M2 22V4l4-2 4 2V2h4v2l4-2 4 2v18z"/><path fill="#fff" d="M8 22v-8a4 4 0 0 1 8 0v8z"/><circle cx="13.6" cy="17" r="1" fill="#0b4fa3"/></svg>';
