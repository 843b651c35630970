import { html } from 'hono/html';
import type { StatesService } from '../states/states-service.ts';
import type { ResolvedTemplate } from '../template/types.ts';
import { page } from './page.ts';

type Execution = { name: string; status: string; startDate: number };

/** Where things are, and the last requests with how far they are. */
export async function landingPage(url: string, states: StatesService, template: ResolvedTemplate) {
  const [machine] = template.stateMachines;
  const { executions } = (await states.handle({
    service: 'states',
    operation: 'ListExecutions',
    input: { stateMachineArn: machine?.arn, maxResults: 50 },
    caller: undefined as never,
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
    'Postern sandbox',
    html`<p>
        The broker on this machine: API at <code>${url}/api</code>, its description at
        <a href="/api/openapi.json">openapi.json</a>.
      </p>
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
