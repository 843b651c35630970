/**
 * The page's script: draws it anew when something is said, shows times in the reader's zone, and changes the
 * person at once. Without it the page works, and is drawn anew by reloading.
 */
export const LIVE_SCRIPT = `
const local = () => {
  for (const time of document.querySelectorAll('time')) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  }
};
const draw = async () => {
  // What is being written or confirmed is left alone.
  if (document.querySelector('dialog[open], [popover]:popover-open')) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('main section').replaceWith(fresh.querySelector('main section'));
  const dialog = fresh.querySelector('dialog');
  if (dialog) document.querySelector('main').append(dialog);
  local();
};
document.querySelector('#person select').addEventListener('change', (event) => event.target.form.submit());
// The first comes at once: something may have been said since the page was made.
new EventSource('/slack/changes').addEventListener('changed', draw);
local();
`;
