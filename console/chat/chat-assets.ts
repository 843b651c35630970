import { ICON, SCRIPT } from '../assets/script.ts';
import { ASSETS, type Files, named } from '../assets/serve-assets.ts';
import { STYLE } from '../assets/style.ts';
import { CHAT_SCRIPT } from './chat-script.ts';

/** What the chat's pages look like beside what all pages do. */
const CHAT_STYLE = `
main.chat { max-width: 46rem; margin: 0 auto; min-height: 0; padding: var(--s5) var(--s4) var(--s6); }
.turn { margin-bottom: var(--s3); padding: var(--s3) var(--s4); border: 1px solid var(--line); border-radius: var(--round); background: var(--card); }
.turn > :last-child { margin-bottom: 0; } .turn > .row { margin-bottom: var(--s2); } .turn .who { margin: 0; color: var(--dim); font-size: var(--small); } .turn .words { white-space: pre-wrap; }
.turn.customer { margin-left: 12%; background: var(--sunk); } .turn.agent { margin-right: 12%; }
.turn.card { font-size: var(--small); } .turn dl.facts { grid-template-columns: 5rem minmax(0, 1fr); } .turn.problem { border-left: 4px solid var(--no); background: var(--no-ground); }
.composer { margin-top: var(--s5); } .composer .row { margin-top: var(--s3); } .composer textarea { min-height: 4.5rem; }
@media (max-width: 47.99rem) { body:has(main.chat) { padding-bottom: 0; } main.chat fieldset button { flex: 1 1 45%; padding: 0 var(--s2); } }
`;
const LOOK = `${STYLE}${CHAT_STYLE}`;

export const CHAT_ASSETS = {
  style: named(LOOK, 'css'),
  /** Times in the reader's zone, clocks that run: the script of all pages. */
  times: ASSETS.script,
  script: named(CHAT_SCRIPT, 'js'),
};

/** The files of a chat's pages, with its script. */
export const filesWith = (name: string, script: string): Files =>
  new Map([
    [CHAT_ASSETS.style, [LOOK, 'text/css; charset=utf-8']],
    [CHAT_ASSETS.times, [SCRIPT, 'text/javascript; charset=utf-8']],
    [name, [script, 'text/javascript; charset=utf-8']],
    [ASSETS.icon, [ICON, 'image/svg+xml']],
  ]);

export const CHAT_FILES = filesWith(CHAT_ASSETS.script, CHAT_SCRIPT);
