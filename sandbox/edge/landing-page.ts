import { html } from 'hono/html';
import { MODEL } from '../reviewer/propose.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { page } from './page.ts';

type Execution = { name: string; status: string; startDate: number };

/** The most requests that are shown; all are in the tables. */
const MOST_SHOWN = 50;

/** Where things are, who reviews, and the last requests with how far they are. */
export async function landingPage(url: string, { states, template, aws, env }: EdgeOptions) {
  const [machine] = template.stateMachines;
  const { executions } = (await states.handle({
    operation: 'ListExecutions',
    input: { stateMachineArn: machine?.arn, maxResults: MOST_SHOWN },
  })) as { executions: Execution[] };
  const rows = executions.map(
    ({ name, status, startDate }) =>
      html`<tr>
        <td><code>${name}</code></td>
        <td>${status}</td>
        <td>${new Date(startDate * 1000).toISOString()}</td>
      </tr>`,
  );
  return page(
    'Requests and addresses',
    html`<dl>
        <dt>API</dt>
        <dd><code>${url}/api</code>, described in <a href="/api/openapi.json">openapi.json</a></dd>
        <dt>AWS endpoint (DynamoDB, STS, Step Functions)</dt>
        <dd><code>${aws.url}</code></dd>
        <dt>Reviewer</dt>
        <dd>${env.OPENAI_API_KEY ? 'OpenAI' : html`<code>${MODEL}</code>: key words, no language model`}</dd>
      </dl>
      <h2>Requests</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Execution</th>
            <th scope="col">Started (UTC)</th>
          </tr>
        </thead>
        <tbody>
          ${rows.length > 0 ? rows : html`<tr><td colspan="3">None yet.</td></tr>`}
        </tbody>
      </table>`,
  );
}
