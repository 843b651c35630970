import { named } from '../../console/assets/serve-assets.ts';
import { SHOWING } from '../../console/chat/chat-script.ts';

/**
 * The script of the chat on AWS: it fetches the customer's token for each message, sends both over one WebSocket, and shows
 * what it is told. The token is in no address and in no storage, and held no longer than it takes to send it.
 * INVARIANT: a connection is one conversation. When one ends, what is said next begins another, below what stands there.
 */
const SCRIPT = `${SHOWING}
const SILENT_MS = 30000;
let socket, silence, count = 0;
const isSilent = () => { setBusy(false); tell('The agent says nothing any more. Send it again in a moment.'); };
const isHeard = (state) => { clearTimeout(silence); setBusy(state); if (state) silence = setTimeout(isSilent, SILENT_MS); };
const hear = (told, nth) => {
  if (told.kind === 'entry') { tell(''); show({ ...told.entry, id: nth + '-' + told.entry.id }); }
  else if (told.kind === 'state') isHeard(told.state === 'busy');
  else { isHeard(false); tell(told.say, told.code === 'signed_out' ? '/sign-in?to=/chat' : undefined); }
};
const connect = () => socket ? Promise.resolve(socket) : new Promise((resolve, reject) => {
  const opened = new WebSocket(log.dataset.socket), nth = ++count;
  opened.addEventListener('open', () => {
    socket = opened;
    if (nth > 1) log.append(make('p', 'dim small', 'A new conversation. The agent knows nothing of what stands above.'));
    resolve(opened);
  });
  opened.addEventListener('message', ({ data }) => hear(JSON.parse(data), nth));
  opened.addEventListener('close', () => {
    if (socket !== opened) return reject(new Error('no connection'));
    socket = undefined;
    const isBusy = !busy.hidden;
    isHeard(false);
    if (isBusy) tell('The connection ended before the answer did. Send it again.');
  });
});
const ask = async () => {
  const csrf = new FormData(form).get('csrf');
  const answer = await fetch('/chat/token', { method: 'POST', body: new URLSearchParams({ csrf }), headers: { accept: 'application/json' }, redirect: 'error' });
  return { ok: answer.ok, status: answer.status, said: await answer.json() };
};
form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = form.querySelector('textarea'), say = event.submitter?.dataset.message ?? text.value;
  isHeard(true);
  tell('');
  try {
    const { ok, status, said } = await ask();
    if (!ok) { isHeard(false); tell(said.say, status === 401 ? '/sign-in?to=/chat' : undefined); return; }
    (await connect()).send(JSON.stringify({ token: said.token, say }));
    if (!event.submitter?.dataset.message) text.value = '';
  } catch { isHeard(false); tell('The chat does not answer. What you wrote is still here: send it again in a moment.'); }
});
`;

export const SITE_SCRIPT = { name: named(SCRIPT, 'js'), text: SCRIPT };
