import type { Command } from 'commander';
import { tokenOf } from '../../sdk/wait-for-access.ts';
import { brokerFor, type CliContext, commonOf, print, subjectTokenOf } from '../cli-context.ts';
import { describeRequest, listLine } from '../describe-request.ts';

/** `postern status [id]`: one request, or all of one's own. */
export function addStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('how far a request is; without an id, your own requests, newest first')
    .argument('[request-id]')
    .option('--principal <id>', "another principal's requests: for auditors")
    .option('--subject-token-file <file>', 'for requests on behalf of a signed-in user')
    .action(async (requestId: string | undefined, _: unknown, command: Command) => {
      const own = command.opts<{ principal?: string; subjectTokenFile?: string }>();
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
        { limit: 50, ...(own.principal && { principal: own.principal }) },
        { subjectToken, signal },
      );
      const lines = page.requests.map(listLine);
      print(page, lines.length > 0 ? lines.join('\n') : 'No requests yet.', options, context);
    });
}
