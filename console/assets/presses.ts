/**
 * What passkeys need of a page: the text of an ES module, for pages with a form that a passkey answers. Such a form is
 * whole without it, but for its buttons `data-passkey`, which are hidden until this runs in a browser that has passkeys.
 * INVARIANT: what is signed is read from the page, never from the broker's answer: see `signVote`.
 */
export const pressesScript = (passkeys: string): string => `
import { createPasskey, signVote } from '${passkeys}';

const REFUSED = {
  NotAllowedError: 'The passkey was not used: you turned away, were not verified, or took too long. Nothing was sent.',
  InvalidStateError: 'This device holds a passkey of yours already.',
  SecurityError: 'Browsers take no passkey at this address.',
  NotSupportedError: 'This device makes no passkey that can be used here.',
};
const put = (form, name, value) => {
  const field = form.querySelector('input[type=hidden][name=' + name + ']') ?? document.createElement('input');
  Object.assign(field, { type: 'hidden', name, value });
  form.append(field);
};

/** What is left of the grants, in the order that was asked; undefined where that is all of them. */
function grantsLeft(form) {
  const parts = [...form.querySelectorAll('[name=part]')];
  if (parts.every(({ checked }) => checked)) return undefined;
  const grants = new Map();
  for (const { checked, value, dataset } of parts) {
    if (!checked) continue;
    const [resource, action] = JSON.parse(value);
    if (!grants.has(dataset.grant)) grants.set(dataset.grant, { resource, actions: [] });
    grants.get(dataset.grant).actions.push(action);
  }
  return [...grants.values()];
}

/** The vote, as this page shows it. */
function shownBy(form, decision) {
  const { requestId, tier, voter } = form.dataset;
  const field = (name) => form.querySelector('[name=' + name + ']')?.value ?? '';
  const shown = { requestId, tier, voter, decision, proposalDigest: field('proposalDigest') };
  if (decision === 'deny') return shown;
  if (decision === 'approve') {
    const windowSeconds = Number(field('windowSeconds'));
    return windowSeconds > 0 ? { ...shown, windowSeconds } : shown;
  }
  const grants = grantsLeft(form);
  const durationSeconds = Number(field('durationSeconds'));
  return { ...shown, narrowing: { ...(grants && { grants }), ...(durationSeconds > 0 && { durationSeconds }) } };
}

async function vote(form, decision) {
  const shown = shownBy(form, decision);
  put(form, 'decision', decision);
  const answer = await fetch(form.action + '/challenge', { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'error' });
  if (!answer.headers.get('content-type')?.includes('json')) throw new Error('Your sign-in has ended, or the broker does not answer. Load the page again.');
  const opened = await answer.json();
  if (!answer.ok) throw new Error(opened.say);
  put(form, 'assertion', JSON.stringify(await signVote(shown, opened)));
  for (const code of form.querySelectorAll('[name=code]')) code.value = '';
}

async function create(form) {
  const { voter, passkeys } = form.dataset;
  const label = form.querySelector('[name=label]').value.trim();
  const made = await createPasskey({ principalId: voter, label, passkeys: JSON.parse(passkeys).map((id) => ({ id })) });
  put(form, 'passkey', JSON.stringify(made));
}

const isAble = typeof PublicKeyCredential === 'function';
for (const button of document.querySelectorAll('[data-passkey]')) button.hidden = !isAble;
for (const note of document.querySelectorAll('[data-without-passkeys]')) note.hidden = isAble;
if (isAble) for (const button of document.querySelectorAll('button[data-passkey]')) button.addEventListener('click', async () => {
  const { form, dataset } = button;
  const said = form.querySelector('[data-said]');
  const isVote = dataset.passkey !== 'create';
  if (!isVote && !form.reportValidity()) return;
  said.hidden = true;
  button.disabled = true;
  try {
    await (isVote ? vote(form, dataset.passkey) : create(form));
    // Not as by a press: nobody has to type a code beside what a passkey signed.
    form.submit();
  } catch (error) {
    said.textContent = REFUSED[error.name] ?? error.message;
    said.hidden = false;
    button.disabled = false;
  }
});
`;
