/**
 * The look of every page, in light and in dark. One scale of type, one of space; colours have a contrast of at least
 * 4.5 : 1 on their ground in both themes.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #12161b); --card: light-dark(#ffffff, #1a2027); --sunk: light-dark(#eef1f4, #232b34);
  --line: light-dark(#d3d9df, #38434e); --edge: light-dark(#7b8794, #75818d);
  --ink: light-dark(#14191f, #eef2f6); --dim: light-dark(#4c5763, #aeb9c4);
  --link: light-dark(#0b4fa3, #8cbcff); --act: light-dark(#0b4fa3, #8cbcff); --on-act: light-dark(#ffffff, #0d1a2b);
  --ok: light-dark(#0a6136, #6fdca0); --ok-ground: light-dark(#e1f4e9, #12331f);
  --no: light-dark(#9b1230, #ff9cab); --no-ground: light-dark(#fce7ea, #401620);
  --wait: light-dark(#714500, #f3c371); --wait-ground: light-dark(#fdf0d8, #3b2a0c);
  --off-ground: light-dark(#e9edf1, #2a333c);
  --s1: .25rem; --s2: .5rem; --s3: .75rem; --s4: 1rem; --s5: 1.5rem; --s6: 2.5rem;
  --small: .875rem; --large: 1.125rem; --larger: 1.5rem; --round: .625rem;
  font: 1rem/1.5 system-ui, sans-serif; accent-color: var(--act);
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .15em; }
main h1 + h2, .page > h2:first-of-type { margin-top: var(--s4); }
h1 { font-size: var(--larger); line-height: 1.25; margin: 0 0 var(--s4); text-wrap: balance; }
h2 { font-size: var(--large); line-height: 1.3; margin: var(--s6) 0 var(--s3); }
h3, h2.minor { font-size: 1rem; margin: 0 0 var(--s2); }
p, ul, ol, dl, pre, blockquote, figure { margin: 0 0 var(--s4); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; border-radius: .25rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: var(--s4); top: var(--s2); z-index: 9; background: var(--card); padding: var(--s3); }
.dim { color: var(--dim); } .small { font-size: var(--small); } .ok { color: var(--ok); } .no { color: var(--no); } .wait { color: var(--wait); }
.lead { font-size: var(--large); max-width: 44rem; } .nowrap { white-space: nowrap; }
[hidden] { display: none !important; }

.top { display: flex; align-items: center; gap: var(--s3); justify-content: space-between; padding: var(--s2) var(--s4); background: var(--card); border-bottom: 1px solid var(--line); }
.brand { display: inline-flex; align-items: center; gap: var(--s2); min-height: 44px; font-weight: 700; font-size: var(--large); color: inherit; text-decoration: none; }
.brand svg { width: 1.5rem; height: 1.5rem; }
.me { display: flex; align-items: center; gap: var(--s3); min-width: 0; } .me form { margin: 0; } .me a { display: inline-flex; align-items: center; min-width: 44px; min-height: 44px; overflow: hidden; color: inherit; } .me strong { overflow: hidden; text-overflow: ellipsis; }
.places a { display: flex; align-items: center; gap: var(--s2); min-height: 44px; padding: 0 var(--s3); border-radius: var(--round); color: inherit; text-decoration: none; }
.places a:hover { background: var(--sunk); } .places a[aria-current] { background: var(--sunk); font-weight: 700; box-shadow: inset 3px 0 var(--act); }
.count { margin-left: auto; min-width: 1.5rem; padding: 0 .4rem; border-radius: 1rem; background: var(--wait-ground); color: var(--wait); font-size: var(--small); font-weight: 700; text-align: center; }
main { min-width: 0; padding: var(--s5) var(--s4) var(--s6); }
.page { max-width: 62rem; }
.foot { padding: var(--s4); color: var(--dim); font-size: var(--small); }
@media (min-width: 48rem) {
  .frame { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); min-height: calc(100vh - 62px); }
  .places { padding: var(--s4) var(--s3); border-right: 1px solid var(--line); background: var(--card); }
  main { padding: var(--s5) var(--s6) var(--s6); } .tabs { display: none; }
}
@media (max-width: 47.99rem) {
  main { min-height: calc(100vh - 180px); }
  body { padding-bottom: calc(60px + env(safe-area-inset-bottom)); }
  .frame { display: flex; flex-direction: column-reverse; }
  .places { display: grid; grid-template-columns: 1fr 1fr; gap: var(--s1); padding: var(--s4); border-top: 1px solid var(--line); background: var(--card); }
  .tabs { position: fixed; inset: auto 0 0; z-index: 5; display: grid; grid-template-columns: repeat(5, 1fr); background: var(--card); border-top: 1px solid var(--line); padding-bottom: env(safe-area-inset-bottom); }
  .tabs a { position: relative; display: flex; align-items: center; justify-content: center; min-height: 56px; padding: 0 2px; font-size: .8125rem; color: var(--dim); text-decoration: none; }
  .tabs a[aria-current] { color: var(--act); font-weight: 700; box-shadow: inset 0 3px var(--act); }
  .tabs .count { position: absolute; top: 2px; right: 2px; margin: 0; }
}

.card { margin: 0 0 var(--s4); padding: var(--s4); background: var(--card); border: 1px solid var(--line); border-radius: var(--round); }
.card > :last-child { margin-bottom: 0; } .card > h2:first-child, .card > h3:first-child, form.card > h2 { margin: 0; }
.cards { display: grid; gap: var(--s4); grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); margin-bottom: var(--s4); } .cards > .card { margin: 0; } .card > h2:first-child { margin-bottom: var(--s3); }
.card.urgent { border-left: 4px solid var(--wait); }
.row { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s3); align-items: center; } .row.apart { justify-content: space-between; } .card > .row + p { margin-top: var(--s3); }
.empty { margin-bottom: var(--s4); padding: var(--s5) var(--s4); border: 1px dashed var(--edge); border-radius: var(--round); color: var(--dim); } .empty > :last-child { margin: 0; }
.said { padding: var(--s3) var(--s4); border-radius: var(--round); border-left: 4px solid var(--act); background: var(--card); margin-bottom: var(--s4); }
.said.bad { border-color: var(--no); background: var(--no-ground); } .said.good { border-color: var(--ok); background: var(--ok-ground); }
.badge { display: inline-block; padding: 0 .55rem; border-radius: 1rem; background: var(--off-ground); color: var(--ink); font-size: var(--small); font-weight: 650; line-height: 1.6rem; white-space: nowrap; }
.badge.ok { background: var(--ok-ground); color: var(--ok); } .badge.no { background: var(--no-ground); color: var(--no); } .badge.wait { background: var(--wait-ground); color: var(--wait); }
.id { display: inline-flex; align-items: center; gap: .15rem; max-width: 100%; vertical-align: bottom; } .id code { white-space: nowrap; }
.id button { min-width: 44px; min-height: 44px; margin: -10px 0; padding: 0; border: 0; background: none; color: var(--dim); font-size: var(--small); }
code, pre, textarea.code { font-family: ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; font-size: .875em; }
pre { padding: var(--s3); border-radius: var(--round); background: var(--sunk); white-space: pre-wrap; overflow-wrap: anywhere; }
pre ins { color: var(--ok); text-decoration: none; } pre del { color: var(--no); text-decoration: none; }
blockquote { padding: var(--s1) var(--s4); border-left: 4px solid var(--edge); white-space: pre-wrap; }
dl.facts { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: var(--s2) var(--s5); } dl.facts dt { color: var(--dim); } dl.facts dd { margin: 0; } dl.facts ul { margin: 0; padding: 0; list-style: none; }
details { margin-bottom: var(--s3); } details:not([open]):last-child { margin-bottom: 0; } details.card { padding-block: var(--s1); } details.card[open] { padding-bottom: var(--s4); } summary { min-height: 44px; padding: var(--s2) 0; cursor: pointer; color: var(--link); } summary:hover { text-decoration: underline; }

.table { width: 100%; border-collapse: collapse; margin-bottom: var(--s4); background: var(--card); border: 1px solid var(--line); border-radius: var(--round); }
.table th, .table td { padding: var(--s3); text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); } .table tbody tr:last-child > * { border-bottom: 0; }
.table thead th { color: var(--dim); font-size: var(--small); font-weight: 600; white-space: nowrap; }
.table .title { font-weight: 600; } .table .text { min-width: 16rem; } @media (min-width: 80rem) { .table time { white-space: nowrap; } } @media (min-width: 60.01rem) { .table summary { white-space: nowrap; } }
.table td > a:only-child, .list a { display: inline-block; min-height: 1.5rem; }
@media (max-width: 60rem) {
  .table, .table tbody, .table tr, .table td, .table th { display: block; border: 0; }
  .table { background: none; } .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { margin-bottom: var(--s3); padding: var(--s3) var(--s4); background: var(--card); border: 1px solid var(--line); border-radius: var(--round); }
  .table th, .table td { padding: var(--s1) 0; } .table td[data-is]:not(.title)::before { content: attr(data-is); display: block; color: var(--dim); font-size: var(--small); }
}

form { margin: 0 0 var(--s4); } .fields { display: grid; gap: var(--s4); max-width: 44rem; }
.filter { display: flex; flex-wrap: wrap; gap: var(--s3); align-items: end; } .filter > label { flex: 1 1 11rem; max-width: 24rem; }
label, .field { display: grid; gap: var(--s1); font-weight: 600; } label .hint, .field .hint { font-weight: 400; color: var(--dim); font-size: var(--small); }
label.pick { display: flex; align-items: start; gap: var(--s3); min-height: 44px; padding: var(--s2) 0; font-weight: 400; } label.pick input { flex: none; width: 1.5rem; height: 1.5rem; margin: 0; }
fieldset { margin: 0 0 var(--s4); padding: var(--s3) var(--s4); border: 1px solid var(--line); border-radius: var(--round); min-width: 0; } fieldset > label + label { margin-top: var(--s3); } legend { padding: 0 var(--s2); font-weight: 600; }
input, select, textarea { width: 100%; min-height: 44px; padding: var(--s2) var(--s3); border: 1px solid var(--edge); border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; font-weight: 400; }
::placeholder { color: var(--dim); opacity: 1; }
input.code { font-size: var(--larger); letter-spacing: .35em; max-width: 12rem; font-variant-numeric: tabular-nums; } textarea { min-height: 7rem; resize: vertical; line-height: 1.45; } textarea.long { min-height: 16rem; }
button, .button { display: inline-flex; align-items: center; justify-content: center; gap: var(--s2); min-height: 44px; padding: 0 var(--s4); border: 1px solid var(--edge); border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { border-color: var(--ink); } button.first, .button.first { background: var(--act); border-color: var(--act); color: var(--on-act); } button.danger { color: var(--no); border-color: var(--no); }
.quiet { border-color: transparent; background: none; color: var(--dim); font-weight: 400; }
.answers { display: grid; gap: var(--s3); } @media (min-width: 48rem) { .answers { grid-template-columns: repeat(2, max-content); } }

.story { list-style: none; padding: 0; margin: 0 0 var(--s4); } .story li { position: relative; padding: 0 0 var(--s4) var(--s5); } .story li::before { content: ''; position: absolute; left: 3px; top: .45rem; width: .625rem; height: .625rem; border-radius: 50%; background: var(--edge); }
.story li:not(:last-child)::after { content: ''; position: absolute; left: 7px; top: 1.2rem; bottom: -.3rem; width: 2px; background: var(--line); }
.story li.done::before { background: var(--ok); } .story li.no::before { background: var(--no); } .story li.now::before { background: var(--wait); outline: 4px solid var(--wait-ground); }
.flow { display: flex; flex-wrap: wrap; gap: var(--s2); list-style: none; padding: 0; align-items: center; } .flow li { display: flex; align-items: center; gap: var(--s2); } .flow li:not(:last-child)::after { content: '→'; color: var(--dim); }
.flow span { padding: var(--s1) var(--s3); border: 1px solid var(--line); border-radius: .5rem; background: var(--card); font-size: var(--small); } .flow .done span { border-color: var(--ok); } .flow .now span { border: 2px solid var(--wait); font-weight: 700; } .flow .ended span { background: var(--sunk); font-weight: 700; }
@media (max-width: 47.99rem) { .flow { display: grid; justify-items: start; } .flow li { display: grid; justify-items: start; } .flow li:not(:last-child)::after { content: '↓'; padding-left: var(--s5); } }
.clock { font-variant-numeric: tabular-nums; font-weight: 700; }
@media (prefers-reduced-motion: no-preference) { .now::before { animation: pulse 2s infinite; } @keyframes pulse { 50% { opacity: .35; } } }
@media print { .top, .places, .tabs { display: none; } }
`;
