import { readIamData } from '../../clients/iam/read-iam-data.ts';

let data: ReturnType<typeof readIamData> | undefined;

/** What IAM knows of its services: read when it is first asked for. */
export function iamData(): ReturnType<typeof readIamData> {
  data ??= readIamData();
  return data;
}
