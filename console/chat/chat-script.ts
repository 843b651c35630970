/**
 * How a chat's page shows what happens. It makes elements and sets their text, nothing else: the page's policy (Trusted Types,
 * with no policy allowed) has the browser refuse any text as markup.
 */
export const SHOWING = `
const log = document.querySelector('#log'), form = document.querySelector('#say'), busy = document.querySelector('#busy'), told = document.querySelector('#told');
const make = (tag, className, text) => { const made = document.createElement(tag); if (className) made.className = className; if (text !== undefined) made.textContent = text; return made; };
const tell = (text, href) => {
  told.replaceChildren();
  if (!text) return;
  const line = make('p', 'said bad', text + ' ');
  line.setAttribute('role', 'alert');
  if (href) { const link = make('a', '', 'Sign in again'); link.href = href; line.append(link); }
  told.append(line);
};
const cardOf = ({ badge, tone, title, lines, until }) => {
  const head = make('p', 'row'), list = make('dl', 'facts');
  head.append(make('span', 'badge ' + tone, badge), ' ', make('b', '', title));
  for (const [name, text] of lines) list.append(make('dt', '', name), make('dd', '', text));
  if (until) {
    const time = make('time', '', until.slice(11, 16) + ' UTC'), end = make('dd');
    time.dateTime = until; time.dataset.until = '';
    end.append(time);
    list.append(make('dt', '', 'Ends'), end);
  }
  return [head, list];
};
const isAtEnd = () => scrollY + innerHeight > form.offsetTop;
const show = ({ id, kind, who, text, card }) => {
  // Whoever reads further up is left there.
  const follows = isAtEnd();
  let turn = document.getElementById('e' + id);
  if (!turn) { turn = make('div'); turn.id = 'e' + id; log.append(turn); }
  turn.className = 'turn ' + kind;
  if (card?.until) turn.dataset.ends = card.until;
  turn.replaceChildren(...(card ? cardOf(card) : [...(who ? [make('p', 'who', who)] : []), make('p', 'words', text)]));
  if (follows) form.scrollIntoView({ block: 'end' });
};
// What was granted is over by itself.
setInterval(() => {
  for (const turn of document.querySelectorAll('[data-ends]')) {
    const badge = turn.querySelector('.badge');
    if (Date.parse(turn.dataset.ends) > Date.now()) continue;
    delete turn.dataset.ends;
    badge.className = 'badge off';
    badge.textContent = 'Expired';
  }
}, 1000);
const setBusy = (state) => {
  busy.hidden = !state;
  for (const button of form.querySelectorAll('button')) button.disabled = state;
};
form?.querySelector('textarea').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(form.querySelector('button.first')); }
});
`;

/** The script of a chat whose agents run where its pages are made: sends without leaving the page, and follows. */
export const CHAT_SCRIPT = `${SHOWING}
const follow = () => {
  const changes = new EventSource(log.dataset.events);
  changes.addEventListener('entry', ({ data }) => { tell(''); show(JSON.parse(data)); });
  changes.addEventListener('state', ({ data }) => setBusy(data === 'busy'));
  changes.addEventListener('over', () => { changes.close(); setBusy(false); tell('This conversation is over. Open another.'); });
  changes.addEventListener('error', () => {
    if (changes.readyState !== EventSource.CLOSED) return;
    setBusy(false);
    tell('This page is not told any more what happens.', '/sign-in?to=' + encodeURIComponent(location.pathname));
  });
};
if (log?.dataset.events) follow();
form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  setBusy(true);
  tell('');
  let path;
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' }, redirect: 'error' });
    const said = await answer.json();
    if (answer.ok) { if (event.submitter?.name !== 'scene') form.querySelector('textarea').value = ''; path = said.path; }
    else { setBusy(false); tell(said.say, answer.status === 401 ? '/sign-in?to=' + encodeURIComponent(location.pathname) : undefined); }
  } catch { setBusy(false); tell('The chat does not answer. What you wrote is still here: send it again in a moment.'); }
  // The first message opens a conversation, which has an address of its own.
  if (path && path !== location.pathname) location.assign(path);
});
`;
