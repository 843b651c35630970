/** The page's style, which its content security policy names by a hash. Colours are told apart by more than hue. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --paper: #fff; --card: #f6f8fa;
  --critical: #8c1d18; --high: #b3531a; --medium: #8a6a00; --low: #3b6ea5; --note: #6e7781;
  --used: #1f7a4d; --unused: #b3531a; --open: #8c959f; --p: #8c1d18; --w: #c2571a; --t: #b58a00; --r: #3b6ea5; --l: #9db8d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --line: #3a424c; --paper: #0f1419; --card: #171d24;
  --critical: #ff8a80; --high: #ffab70; --medium: #e3c04d; --low: #8cc0ff; --note: #9aa4af;
  --used: #5fd39a; --unused: #ffab70; --open: #6e7781; --p: #ff8a80; --w: #ffab70; --t: #e3c04d; --r: #6ea8e8; --l: #4a6484; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .5rem 0; } small, .soft { color: var(--soft); font-size: .85rem; }
header { display: grid; grid-template-columns: auto 1fr; gap: 1rem 1.5rem; align-items: center; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.score { font-size: 3rem; line-height: 1; font-weight: 700; font-variant-numeric: tabular-nums; }
.score small { display: block; font-size: .8rem; font-weight: 400; }
.gaps { border-left: .3rem solid var(--high); padding: .25rem 1rem; margin: 1rem 0; background: var(--card); }
.gaps ul { margin: .25rem 0; padding-left: 1.2rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); gap: 0 2.5rem; }
.plots > section { min-width: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } caption { text-align: left; color: var(--soft); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; font-weight: 400; }
thead th { font-weight: 600; } th small { display: block; }
.plot { table-layout: fixed; } .plot th { width: 34%; } .plot .says { width: 24%; color: var(--soft); font-variant-numeric: tabular-nums; padding-right: 0; }
.bar { display: block; width: 100%; height: .85rem; margin-top: .35rem; background: var(--card); outline: 1px solid var(--line); }
.critical { fill: var(--critical); background: var(--critical); } .error, .high { fill: var(--high); background: var(--high); } .medium { fill: var(--medium); background: var(--medium); }
.low { fill: var(--low); background: var(--low); } .note { fill: var(--note); background: var(--note); }
.used { fill: var(--used); background: var(--used); } .unused { fill: var(--unused); background: var(--unused); } .open { fill: var(--open); background: var(--open); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .85rem; } .legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem; vertical-align: -.05rem; }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: .25rem; padding: 0 .35rem; font-size: .8rem; background: none; }
.tag.critical { color: var(--critical); } .tag.error, .tag.high { color: var(--high); } .tag.medium { color: var(--medium); } .tag.low { color: var(--low); } .tag.note { color: var(--note); }
.scroll { overflow-x: auto; } .heat { width: auto; } .heat th, .heat td { padding: .2rem .4rem; } .heat tbody th { min-width: 9rem; max-width: 20rem; } .heat thead th { font-size: .8rem; }
.heat td { text-align: center; min-width: 2rem; border: 1px solid var(--line); font-weight: 600; } .heat .P { background: var(--p); color: var(--paper); } .heat .W { background: var(--w); color: var(--paper); }
.heat .T { background: var(--t); color: var(--paper); } .heat .R { background: var(--r); color: var(--paper); } .heat .L { background: var(--l); color: var(--ink); }
.way { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem .5rem; padding: 0; margin: .25rem 0; } .way li { padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); overflow-wrap: anywhere; }
.way li + li::before { content: "→ "; color: var(--soft); }
.trend { display: block; width: 100%; height: 6rem; background: var(--card); outline: 1px solid var(--line); } .trend polyline { fill: none; stroke: var(--low); stroke-width: 2; vector-effect: non-scaling-stroke; }
.days { display: flex; justify-content: space-between; }
details { border-bottom: 1px solid var(--line); padding: .35rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 24rem; padding: .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .25rem; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) { header { grid-template-columns: 1fr; } .findings thead { display: none; } .findings tr { display: block; border-bottom: 1px solid var(--line); padding: .4rem 0; } .findings td { display: block; border: 0; padding: .05rem 0; } .plot th { width: 38%; } .plot .says { width: 30%; } }
@media print { details > * { display: block; } }
`;
