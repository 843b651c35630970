/** The look of the workspace's page, in light and in dark. */
export const SLACK_STYLE = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.45 system-ui, sans-serif; --line: #8886; --ok: light-dark(#0a6b4f, #2f9e7a); --no: light-dark(#a8123a, #e0567a); --side: light-dark(#f4f2f5, #221d24); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template: auto 1fr / 15rem 1fr; min-height: 100vh; }
header { grid-column: 1 / -1; display: flex; gap: 1.5rem; align-items: center; padding: .5rem 1rem; border-bottom: 1px solid var(--line); background: var(--side); }
header h1 { font-size: 1.1rem; margin: 0; } header a { margin-left: auto; }
nav { background: var(--side); border-right: 1px solid var(--line); padding: 1rem .5rem; display: flex; flex-direction: column; gap: .15rem; }
nav a { padding: .3rem .6rem; border-radius: .4rem; color: inherit; text-decoration: none; } nav a[aria-current] { background: light-dark(#d9d3dd, #3d3442); font-weight: 600; }
main { padding: 1rem 1.5rem; max-width: 52rem; } main > h2 { font-size: 1.1rem; margin-top: 0; }
article { border-top: 1px solid var(--line); padding: .6rem 0; } article.reply { margin-left: 2rem; }
article h3 { font-size: 1.05rem; margin: .2rem 0; } .by { margin: 0; }
.rich { white-space: pre-wrap; overflow-wrap: anywhere; margin: .35rem 0; }
blockquote.rich { border-left: 4px solid var(--line); padding-left: .8rem; } pre.rich { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem; font-size: .85rem; }
.actions { display: flex; gap: .5rem; margin: .6rem 0; flex-wrap: wrap; }
button { font: inherit; padding: .3rem .9rem; border-radius: .4rem; border: 1px solid var(--line); background: Canvas; color: CanvasText; cursor: pointer; }
button.primary { background: var(--ok); border-color: var(--ok); color: light-dark(#fff, #06120d); } button.danger { background: var(--no); border-color: var(--no); color: light-dark(#fff, #1b060c); }
dialog, [popover] { width: min(36rem, 90vw); max-height: 85vh; overflow: auto; border: 1px solid var(--line); border-radius: .6rem; padding: 1.2rem; background: Canvas; color: CanvasText; }
dialog[open] { position: fixed; inset: 0; margin: auto; box-shadow: 0 0 0 100vmax #0008; z-index: 2; }
input:not([type=checkbox]), textarea, select { font: inherit; padding: .3rem; border: 1px solid var(--line); border-radius: .3rem; background: Field; color: FieldText; } dialog textarea, dialog p input, .command input { width: 100%; }
fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; } .choice { display: block; } .error { color: var(--no); display: block; }
.command { display: flex; gap: .5rem; margin-top: 1.5rem; } .command label { display: flex; gap: .5rem; flex: 1; align-items: center; }
small, small time { color: light-dark(#50575e, #c3c3c3); font-weight: 400; } a { color: light-dark(#0a4fa8, #8ab8ff); } :focus-visible { outline: 2px solid light-dark(#0b57d0, #8ab4f8); outline-offset: 2px; }
`;
