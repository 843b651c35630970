import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { EXPORT_FORMATS, exportLines } from '../../clients/audit/export-audit.ts';
import type { Verification } from '../../lambdas/read-records/record-specs.ts';
import type { Api } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { accessPage } from '../views/pages/access-page.ts';
import { type AuditFilter, auditPage } from '../views/pages/audit-page.ts';
import type { ConsoleEnv } from './console-options.ts';
import { refusalOf } from './tell-problem.ts';

/** Records of one page. */
const SHOWN = '25';
/** Records of one export. A function's answer has 6 MB. */
const MOST_EXPORTED = 5000;
/** Calls of the API by which one chain is verified here. */
const MOST_VERIFYING = 10;
const OWN_CHAINS = ['_config', '_heads', '_restored', '_access_reviews'];

/** A day as it is picked, as the moment that it begins or ends at. */
const moment = (day: string | undefined, time: string) =>
  day && /^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T${time}Z` : undefined;

const queryOf = (filter: AuditFilter) => ({
  ...filter,
  from: moment(filter.from, '00:00:00.000'),
  to: moment(filter.to, '23:59:59.999'),
});

async function verify(api: Api, principal: string): Promise<Verification> {
  let found = await api.verification({ principal });
  for (let more = 1; found.nextCursor && more < MOST_VERIFYING; more++)
    found = await api.verification({ principal, cursor: found.nextCursor });
  return found;
}

/** Who could be given what, and what the audit log has of it. */
export function recordPages(): Hono<ConsoleEnv> {
  const app = new Hono<ConsoleEnv>();

  app.get('/access', async (c) => {
    const { principal, resource } = c.req.query();
    const matrix = await c.get('api').matrix();
    const principals = matrix.groups.flatMap((group) => group.principals).sort();
    const resources = (matrix.groups[0]?.resources ?? []).map(({ key }) => key);
    const only = (groups: typeof matrix.groups) =>
      resource
        ? groups.map((group) => ({
            ...group,
            resources: group.resources.filter(({ key }) => key === resource),
          }))
        : groups;
    const shown = { groups: only(matrix.groups) };
    return c.html(
      accessPage(c.get('frame'), { matrix: shown, filter: { principal, resource }, principals, resources }),
    );
  });

  app.get('/audit', async (c) => {
    const api = c.get('api');
    const { principal, words, from, to, cursor, verify: wanted } = c.req.query();
    const filter = { principal, words, from, to };
    const { principals, caller } = await api.principals();
    const known = caller.auditor ? principals.map(({ id }) => id) : [];
    const around = { filter, principals: known, isAuditor: caller.auditor };
    try {
      const page = await api.audit({ ...queryOf(filter), cursor, limit: SHOWN });
      const chains = principal ? [principal] : caller.auditor ? [...known, ...OWN_CHAINS] : [caller.id];
      const verified = wanted ? await Promise.all(chains.map((chain) => verify(api, chain))) : undefined;
      return c.html(auditPage(c.get('frame'), { page, verified, ...around }));
    } catch (error) {
      const refused = refusalOf(error);
      return c.html(auditPage(c.get('frame'), { page: { records: [] }, refused, ...around }), 422);
    }
  });

  app.get('/audit/export', async (c) => {
    const api = c.get('api');
    const { format: named, ...query } = c.req.query();
    const format = EXPORT_FORMATS.find((known) => known === named);
    if (!format) throw new ApiProblem(404, 'route_not_found', 'There is no such format.');
    const filter = { principal: query.principal, words: query.words, from: query.from, to: query.to };
    // The first page before anything is sent: what is refused is then told as a page.
    let page = await api.audit({ ...queryOf(filter), limit: '100' });
    c.header('content-type', 'text/plain; charset=utf-8');
    c.header(
      'content-disposition',
      `attachment; filename="postern-audit.${format === 'csv' ? 'csv' : 'jsonl'}"`,
    );
    return stream(c, async (out) => {
      const lines = exportLines(format);
      if (lines.head) await out.writeln(lines.head);
      for (let written = 0; ; ) {
        for (const record of page.records) await out.writeln(lines.line(record));
        written += page.records.length;
        if (!page.nextCursor || written >= MOST_EXPORTED) return;
        page = await api.audit({ ...queryOf(filter), limit: '100', cursor: page.nextCursor });
      }
    });
  });
  return app;
}
