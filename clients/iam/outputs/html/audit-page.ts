import { createHash } from 'node:crypto';
import { type AuditReport, findingsOf } from '../../audit-report.ts';
import type { TrendLine } from '../../drift/trend.ts';
import { html, raw, shown } from './markup.ts';
import { accessPlot, controlPlot, idlePlot, scorePlot, severityPlot, trendPlot, usePlot } from './plots.ts';
import { controlsOf, findingsTable, gapsOf, notAskedOf, principalsOf, sizesOf } from './sections.ts';
import { STYLE } from './style.ts';

/**
 * The page asks nothing of anybody and runs nothing: whatever slipped past the escaping would be text all the same.
 * @see https://www.w3.org/TR/CSP3/
 */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** An audit as one page that needs nothing beside it. */
export async function auditPage(report: AuditReport, trend: readonly TrendLine[]): Promise<string> {
  const { account, collectedAt, score, principals, findings, seen, compliance } = report;
  const reached = principals.filter(({ wayTo }) => wayTo).length;
  const worst = principals[0];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${POLICY}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<title>Account ${account}: audit of ${collectedAt.slice(0, 10)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<header>
  <p class="score">${score ?? '?'}<small>of 100</small></p>
  <div><h1>Account ${account}</h1>
  <p>Collected ${collectedAt.slice(0, 16).replace('T', ' ')} UTC. ${
    score === undefined
      ? 'The score is not decided: a policy of somebody who can be reached was not read, or a proof is open.'
      : `The score is that of the worst of ${reached} users and roles that can be reached${worst?.wayTo ? `: ${shown(worst.name)}` : ''}.`
  }</p>
  <p class="soft">${principals.length} users and roles; ${seen ? `${seen.events} events of a trail${seen.from ? ` from ${seen.from.slice(0, 10)} to ${seen.until?.slice(0, 10)}` : ''}` : 'no trail was read'}${seen && seen.unread > 0 ? `, of which ${seen.unread} could not be read` : ''}.</p></div>
</header>
${gapsOf(report)}
<div class="plots">
<section><h2>Scores</h2>${scorePlot(principals)}</section>
<section><h2>Severities</h2>${severityPlot(findingsOf(report))}</section>
<section><h2>Use</h2>${usePlot(principals)}</section>
<section><h2>Idle</h2>${idlePlot(principals, collectedAt)}</section>
${compliance ? html`<section><h2>Controls</h2>${controlPlot(compliance.controls)}</section>` : ''}
${trendPlot(trend)}
</div>
<section><h2>Effective access</h2>${accessPlot(principals)}</section>
${principalsOf(report)}
${findingsTable(findings)}
${sizesOf(report)}
${controlsOf(report)}
${notAskedOf(report)}
</main>
<footer>Written by postern iam audit. Names and texts are the account’s own: what would hide or reorder in them is written out.</footer>
</body>
</html>
`;
  return String(await page);
}
