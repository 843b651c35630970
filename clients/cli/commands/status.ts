import type { Command } from 'commander';
import { tokenOf } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, commonOf, print, subjectTokenOf } from '../cli-context.ts';
import { describeRequest, listLine } from '../describe-request.ts';

/** Requests that one list holds. */
const LISTED = 50;

/** `postern status [id]`: one request, or all of one's own. */
export function addStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('how far a request is; without an id, your own requests, newest first')
    .argument('[request-id]')
    .option('--cursor <cursor>', 'where the last list was cut')
    .option('--principal <id>', "another principal's requests: for auditors")
    .option('--subject-token-file <file>', 'for requests on behalf of a signed-in user')
    .action(async (requestId: string | undefined, _: unknown, command: Command) => {
      const own = command.opts<{ principal?: string; cursor?: string; subjectTokenFile?: string }>();
      const options = { ...commonOf(command), ...own };
      const broker = brokerFor(options, context);
      const { signal } = context;
      const subjectToken = await tokenOf(subjectTokenOf(options, context));
      if (requestId !== undefined) {
        const request = await broker.getRequest(requestId, { subjectToken, signal });
        print(request, describeRequest(request), options, context);
        return;
      }
      const page = await broker.listRequests(
        {
          limit: LISTED,
          ...(own.principal && { principal: own.principal }),
          ...(own.cursor && { cursor: own.cursor }),
        },
        { subjectToken, signal },
      );
      const cut = page.nextCursor
        ? [
            `… and older ones: postern status ${own.principal ? `--principal ${own.principal} ` : ''}--cursor ${page.nextCursor}`,
          ]
        : [];
      const lines = [...page.requests.map(listLine), ...cut];
      print(page, lines.length > 0 ? lines.join('\n') : 'No requests yet.', options, context);
    });
}
