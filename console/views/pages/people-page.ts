import { html } from 'hono/html';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { csrfField, type Frame, pageOf } from '../parts/page-of.ts';
import { type PasskeyListContent, passkeyList } from '../parts/passkey-list.ts';
import { badge, choice, diffOf, type Html, said, table } from '../parts/pieces.ts';
import { signInLines } from '../parts/say-sign-in.ts';

const signsInBy = ({ signIn = [], awsPrincipals, slackUserId }: Principal): string =>
  [signIn.length > 0 ? 'a token' : '', awsPrincipals.length > 0 ? 'AWS keys' : '', slackUserId ? 'Slack' : '']
    .filter(Boolean)
    .join(', ');

/** The people and agents that may ask. */
export const peoplePage = (frame: Frame, principals: readonly Principal[], mayPropose: boolean) =>
  pageOf(frame, {
    title: 'People and agents',
    place: 'People',
    content: html`${mayPropose ? html`<p><a class="button first" href="/people/new">Add somebody</a></p>` : ''}
      ${table(
        'People and agents',
        [
          { name: 'Who', isTitle: true, cell: ({ id }) => html`<a href="/people/${id}">${id}</a>` },
          { name: 'Kind', cell: ({ type }) => type },
          { name: 'State', cell: ({ status }) => badge(status, status === 'active' ? 'ok' : 'no') },
          { name: 'Groups', cell: ({ groups }) => groups.join(', ') },
          { name: 'Persons', cell: ({ persons }) => persons.join(', ') },
          { name: 'Comes by', cell: signsInBy },
        ],
        principals,
      )}`,
  });

/** The form's fields, as they are typed. */
export const PERSON_FIELDS = [
  'id',
  'type',
  'status',
  'groups',
  'persons',
  'issuer',
  'subject',
  'awsPrincipals',
  'slackUserId',
  'purpose',
  'delivery',
  'passkeys',
  'more',
  'reason',
] as const;
export type PersonFields = Readonly<Partial<Record<(typeof PERSON_FIELDS)[number], string>>>;

export type PersonContent = {
  /** Absent of somebody new. */
  readonly principal: Principal | undefined;
  readonly mayPropose: boolean;
  readonly typed: PersonFields;
  /** Of whoever looks at themselves: where their passkeys are made and used. */
  readonly ownPasskeys?: PasskeyListContent['own'];
  readonly newPasskey?: PasskeyListContent['typed'] | undefined;
  readonly diff?: string | undefined;
  readonly refused?: string | undefined;
  readonly key: string;
};

const lines = (name: string, label: string, hint: string, value = ''): Html =>
  html`<label>${label} <span class="hint">${hint}</span><textarea name="${name}" rows="3">${value}</textarea></label>`;
const line = (name: string, label: string, hint: string, value = '', more: Html = ''): Html =>
  html`<label>${label} <span class="hint">${hint}</span><input name="${name}" value="${value}" ${more} /></label>`;

const detailsOf = (principal: Principal): Html =>
  html`<dl class="facts">
    <dt>State</dt>
    <dd>${badge(principal.status, principal.status === 'active' ? 'ok' : 'no')}</dd>
    <dt>Kind</dt>
    <dd>${principal.type}</dd>
    <dt>Groups</dt>
    <dd>${principal.groups.join(', ')}</dd>
    <dt>Persons</dt>
    <dd>${principal.persons.join(', ')}</dd>
    <dt>Comes by</dt>
    <dd>${signInLines(principal)}</dd>
    <dt>Policy</dt>
    <dd><a href="/policies/${principal.id}">the text they ask by</a></dd>
    <dt>Version</dt>
    <dd>${principal.version}</dd>
  </dl>`;

function suspendForm(frame: Frame, { principal, key }: PersonContent): Html {
  if (!principal) return '';
  const to = principal.status === 'active' ? 'suspended' : 'active';
  return html`<details class="card">
    <summary>${to === 'suspended' ? 'Suspend' : 'Take back in'} ${principal.id}</summary>
    <form method="post" action="/people/${principal.id}/status" class="fields">
      ${csrfField(frame)}<input type="hidden" name="key" value="${key}" /><input type="hidden" name="status" value="${to}" />
      <label>Why <span class="hint">For those who approve it. ${to === 'suspended' ? 'Once they have, every live session ends.' : ''}</span><input name="reason" required minlength="10" maxlength="2000" /></label>
      <button class="${to === 'suspended' ? 'danger' : 'first'}">Propose it</button>
    </form>
  </details>`;
}

/** Passkeys of theirs, each to be taken away: one that somebody lost who cannot say so themselves. */
const passkeysLeft = (principal: Principal | undefined, { passkeys = '' }: PersonFields): Html =>
  principal?.passkeys
    ? html`<fieldset>
        <legend>Passkeys that stay theirs</legend>
        ${principal.passkeys.map(
          ({ id, label }) =>
            html`<label class="pick"><input type="checkbox" name="passkeys" value="${id}" ${passkeys.split(' ').includes(id) ? 'checked' : ''} /> <span>${label}</span></label>`,
        )}
      </fieldset>`
    : '';

function changeForm(frame: Frame, { principal, typed, diff, key }: PersonContent): Html {
  return html`<h2>${principal ? 'Propose a change' : 'Propose somebody'}</h2>
    ${diff === undefined ? '' : html`<section class="card" role="status"><h3>What would change</h3>${diff === '' ? html`<p>Nothing.</p>` : diffOf(diff)}</section>`}
    <form method="post" action="/people/${principal?.id ?? 'new'}" class="fields">
      ${csrfField(frame)}<input type="hidden" name="key" value="${key}" />
      ${principal ? '' : line('id', 'Id', 'Small letters, digits and _. It begins every request id.', typed.id, html`required pattern="[a-z][a-z0-9_]{1,49}"`)}
      ${choice(
        'type',
        'Kind',
        [
          ['human', 'a person'],
          ['agent', 'an agent'],
        ],
        typed.type,
      )}
      ${choice(
        'status',
        'State',
        [
          ['active', 'active'],
          ['suspended', 'suspended'],
        ],
        typed.status,
      )}
      ${line('groups', 'Groups', 'By which the guardrails and the tiers know them; commas between.', typed.groups)}
      ${line('persons', 'Persons', 'Who it is, or who owns the agent: nobody approves their own. Commas between.', typed.persons, html`required`)}
      <fieldset>
        <legend>Signs in by a token</legend>
        ${line('issuer', 'Issuer', 'An address that issuers.json lists.', typed.issuer, html`type="url"`)}
        ${line('subject', 'Subject', 'Their “sub” there.', typed.subject)}
      </fieldset>
      ${lines('awsPrincipals', 'AWS roles and users', 'ARNs, one a line.', typed.awsPrincipals)}
      ${line('slackUserId', 'Slack user', 'U…', typed.slackUserId)}
      ${line('purpose', 'Purpose', 'Of an agent: its reason at the gateway where it gives none.', typed.purpose)}
      ${choice(
        'delivery',
        'Sessions go',
        [
          ['', 'to whoever claims them'],
          ['gateway', 'to registered gateways only'],
        ],
        typed.delivery,
      )}
      ${passkeysLeft(principal, typed)}
      <details>
        <summary>More, as JSON</summary>
        ${lines('more', 'Other fields', 'More ways to sign in (signIn), issuers of subjects (subjectIssuers), subjectRequired.', typed.more)}
      </details>
      ${line('reason', 'Why', 'For those who approve it.', typed.reason, html`required minlength="10" maxlength="2000"`)}
      <div class="answers">
        <button name="preview" value="yes">Show what would change</button>
        <button class="first">Propose</button>
      </div>
    </form>`;
}

/** One principal, sign-in and all, in one form that proposes a change of it. */
export function personPage(frame: Frame, content: PersonContent) {
  const { principal, mayPropose, refused, ownPasskeys, newPasskey, key } = content;
  const { passkeys = [] } = principal ?? {};
  return pageOf(frame, {
    title: principal?.id ?? 'Somebody new',
    place: 'People',
    takesPasskeys: ownPasskeys?.isHere ?? false,
    content: html`${said(refused, 'bad')} ${principal ? detailsOf(principal) : ''}
      ${principal?.type === 'human' ? passkeyList(frame, { principalId: principal.id, passkeys, own: ownPasskeys, typed: newPasskey, key }) : ''}
      ${mayPropose ? html`${suspendForm(frame, content)} ${changeForm(frame, content)}` : html`<p class="dim">You cannot propose changes of principals.</p>`}`,
  });
}
