import { API_SPECS } from '../lambdas/front-door/api-specs.ts';
import { openApiDocument, problemsOf } from '../lambdas/shared/http/open-api-document.ts';
import { PROBLEMS, type ProblemCode } from '../lambdas/shared/http/problems.ts';

const signed = API_SPECS.filter((spec) => spec.signed);

/** The calls as a Markdown table: what each does, and what it answers when all is well. */
function callsTable(): string {
  const rows = API_SPECS.map(({ method, path, summary, answers }) => {
    const well = Object.entries(answers).map(([status, { description }]) => `${status}: ${description}`);
    return `| \`${method} ${path}\` | ${summary} | ${well.join('<br>')} |`;
  });
  return ['| call | does | answers |', '|---|---|---|', ...rows].join('\n');
}

/** Every problem code as a Markdown table, by status. */
function codesTable(): string {
  const byCode = (code: ProblemCode) => {
    const calls = API_SPECS.filter((spec) => problemsOf(spec).includes(code));
    if (calls.length === 0 || signed.every((spec) => calls.includes(spec))) return 'any';
    return calls.map(({ method, path }) => `\`${method} ${path}\``).join(', ');
  };
  const codes = Object.entries(PROBLEMS) as [ProblemCode, (typeof PROBLEMS)[ProblemCode]][];
  const rows = codes.map(
    ([code, { status, when }]) => `| ${status} | \`${code}\` | ${when} | ${byCode(code)} |`,
  );
  return ['| status | code | when | calls |', '|---|---|---|---|', ...rows].join('\n');
}

/** What of the API's documentation is generated: the OpenAPI document, and tables by the name of their marker. */
export function apiDocs(): { openApi: string; tables: Record<string, string> } {
  return {
    openApi: `${JSON.stringify(openApiDocument(API_SPECS), null, 2)}\n`,
    tables: { calls: callsTable(), codes: codesTable() },
  };
}

/** A page with each table put between its markers, `<!-- name -->` and `<!-- /name -->`. */
export function markedUp(page: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const between = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);
    if (!between.test(text)) throw new Error(`the page has no place marked ${name}`);
    return text.replace(between, (_, before: string, behind: string) => before + table + behind);
  }, page);
}
