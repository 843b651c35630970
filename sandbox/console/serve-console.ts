import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { stream } from 'hono/streaming';
import { EXPORT_FORMATS, type ExportFormat, exportAudit } from '../../clients/audit/export-audit.ts';
import { sayVerdict } from '../../clients/audit/say-verdict.ts';
import { verifyAudit } from '../../clients/audit/verify-audit.ts';
import type { ApiAnswer } from '../../demo/call-api.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { makeConfig } from '../../lambdas/shared/adapters/config/load-config.ts';
import { requestIdSchema } from '../../lambdas/shared/domain/access-request.ts';
import { type AuditRecord, auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { ownFormsOnly, PAGE_SECURITY } from '../edge/own-forms-only.ts';
import { accessPage } from './access-page.ts';
import { auditPage, searchRecords } from './audit-page.ts';
import { CONSOLE_SCRIPT, consolePage } from './console-page.ts';
import type { ConsoleReader } from './console-reader.ts';
import { executionPage } from './execution-page.ts';
import { executionsPage, type Places } from './executions-page.ts';
import { layOutFlow } from './lay-out-flow.ts';
import { policiesPage, policyPage } from './policies-page.ts';
import { sessionsPage } from './sessions-page.ts';

const notFound = (c: Context, what: string) =>
  c.html(
    consolePage({ title: 'Not found', place: 'Executions', content: html`<p>There is no ${what}.</p>` }),
    404,
  );

/** What the API answered to an action, in a line. */
const saidBy = ({ status, body }: ApiAnswer, done: string): string =>
  status < 300 ? done : `Refused: ${String(body.detail ?? body.title ?? status)}`;

async function recordsOf(reader: ConsoleReader, chain: string | undefined) {
  return reader.withAudit(async ({ audit }) => {
    const chains = await audit.chains();
    const records: AuditRecord[] = [];
    for (const name of chain && chains.includes(chain) ? [chain] : chains) {
      for await (const item of audit.itemsOf(name)) {
        const parsed = auditRecordSchema.safeParse(item);
        // What is no record is what verifying names.
        if (parsed.success) records.push(parsed.data);
      }
    }
    return { chains, records };
  });
}

/**
 * The console: what requests there are, how each went and where it is, who holds what now. It reads; what it
 * changes, it asks the API for, signed as the person that one chose to be.
 */
export function makeConsole(reader: ConsoleReader, configDir: string, places: () => Places): Hono {
  const flow = layOutFlow(reader.definition);
  const config = makeConfig({ partition: 'aws', region: REGION, accountId: ACCOUNT_ID }, configDir);
  const app = new Hono();
  app.use(ownFormsOnly, async (c, next) => {
    await next();
    c.header('content-security-policy', PAGE_SECURITY);
    c.header('cache-control', 'no-store');
  });

  app.get('/console.js', (c) =>
    c.body(CONSOLE_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );

  app.get('/', async (c) => {
    const { status, principal, resource, since } = c.req.query();
    const rows = await reader.requests();
    return c.html(executionsPage(rows, { status, principal, resource, since }, reader.people(), places()));
  });

  app.get('/executions/:id', async (c) => {
    const id = requestIdSchema.safeParse(c.req.param('id'));
    const row = id.success ? await reader.request(id.data) : undefined;
    if (!row) return notFound(c, 'such request');
    const [execution, votes, records] = await Promise.all([
      reader.execution(row.requestId),
      reader.votes(row),
      reader.withAudit(({ audit }) => audit.ofRequest(row.requestId)),
    ]);
    return c.html(executionPage({ row, execution, votes, records: records ?? [], flow }));
  });

  app.get('/sessions', async (c) => {
    const { as, said } = c.req.query();
    return c.html(
      sessionsPage(await reader.requests(), reader.people(), { now: new Date(), as: as ?? 'admin', said }),
    );
  });

  app.post('/sessions/:id/revoke', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const as = form.get('as') ?? '';
    const caller = reader.as(as);
    if (!caller) return notFound(c, 'such person');
    const id = encodeURIComponent(c.req.param('id'));
    const answer = await caller('POST', `/requests/${id}/revoke`, { reason: form.get('reason') ?? '' });
    const said = saidBy(answer, `${c.req.param('id')} is revoked: its next call is denied.`);
    return c.redirect(`/sessions?${new URLSearchParams({ as, said })}`, 303);
  });

  app.get('/access', async (c) => {
    const { principal, resource } = c.req.query();
    return c.html(accessPage(config, await reader.principals(), { principal, resource }));
  });

  app.get('/audit', async (c) => {
    const { chain, words, verify } = c.req.query();
    const found = await recordsOf(reader, chain);
    const verdict = verify
      ? await reader.withAudit(async (opened) => sayVerdict(await verifyAudit(opened)))
      : undefined;
    const search = { chain, words };
    return c.html(
      auditPage(searchRecords(found?.records ?? [], search), found?.chains ?? [], search, verdict),
    );
  });

  app.get('/audit/export', (c) => {
    const format = EXPORT_FORMATS.find((name) => name === c.req.query('format')) as ExportFormat | undefined;
    if (!format) return notFound(c, 'such format');
    c.header('content-type', 'text/plain; charset=utf-8');
    c.header(
      'content-disposition',
      `attachment; filename="postern-audit.${format === 'csv' ? 'csv' : 'jsonl'}"`,
    );
    return stream(c, async (out) => {
      await reader.withAudit(async ({ audit }) => {
        for await (const line of exportAudit(audit, format)) await out.writeln(line);
      });
    });
  });

  app.get('/policies', async (c) => c.html(policiesPage(await reader.principals())));

  app.get('/policies/:id', async (c) => {
    const id = c.req.param('id');
    const principal = (await reader.principals()).find((found) => found.id === id);
    if (!principal) return notFound(c, 'such principal');
    const changes = (await reader.requests()).filter(
      ({ change }) => change?.kind === 'policy' && change.target === id,
    );
    const history = { versions: await reader.policyVersions(id), changes };
    return c.html(
      policyPage(principal, await reader.policy(id), history, reader.people(), c.req.query('said')),
    );
  });

  app.post('/policies/:id', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const caller = reader.as(form.get('as') ?? '');
    if (!caller) return notFound(c, 'such person');
    const target = c.req.param('id');
    // Forms send CRLF; a policy text has LF.
    const proposal = (form.get('proposal') ?? '').replaceAll('\r\n', '\n');
    const answer = await caller('POST', '/changes', {
      kind: 'policy',
      target,
      proposal,
      reason: form.get('reason') ?? '',
    });
    if (answer.status < 300) return c.redirect(`/executions/${String(answer.body.requestId)}`, 303);
    return c.redirect(
      `/policies/${encodeURIComponent(target)}?${new URLSearchParams({ said: saidBy(answer, '') })}`,
      303,
    );
  });

  return app;
}
