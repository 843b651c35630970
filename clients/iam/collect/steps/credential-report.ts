import * as z from 'zod';
import type { Collecting } from '../collecting.ts';
import { isRefusedAs } from '../reads.ts';

const reportSchema = z.object({ Content: z.union([z.instanceof(Uint8Array), z.string()]) });

/** Times that the report is looked for: AWS makes it within seconds. */
const MOST_TRIES = 60;
const BETWEEN_MS = 2_000;

const NOT_YET = [
  'CredentialReportNotPresentException',
  'CredentialReportExpiredException',
  'CredentialReportNotReadyException',
  'ReportNotPresent',
  'ReportExpired',
  'ReportInProgress',
];

/**
 * The credential report as CSV. AWS keeps one for four hours, and gives the same meanwhile.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export async function readCredentialReport({ read, tell, wait }: Collecting): Promise<string> {
  tell('the credential report');
  await read('iam:GenerateCredentialReport');
  for (let nth = 0; nth < MOST_TRIES; nth += 1) {
    try {
      const { Content } = reportSchema.parse(await read('iam:GetCredentialReport'));
      return typeof Content === 'string' ? Content : new TextDecoder().decode(Content);
    } catch (error) {
      if (!NOT_YET.some((code) => isRefusedAs(error, code))) throw error;
      await wait(BETWEEN_MS);
    }
  }
  throw new Error(`AWS made no credential report within ${(MOST_TRIES * BETWEEN_MS) / 1000} seconds`);
}
