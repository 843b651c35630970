import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { usedCallOf } from '../../domain/audit/cloudtrail-event.ts';
import type { UsedCall } from '../../domain/audit/used-call.ts';

/**
 * The calls of brokered sessions in a folder of CloudTrail log files, as `aws s3 sync` brings them: `.json.gz` or
 * `.json` with `Records`, or `.jsonl` with an event a line. One file is held at a time; other files are left out.
 * Throws for a log file that is not what it should be.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export async function* callsInCloudTrailFiles(folder: string): AsyncGenerator<UsedCall> {
  const files = await readdir(folder, { recursive: true });
  for (const file of files.sort()) {
    for await (const event of eventsIn(join(folder, file))) {
      const call = usedCallOf(event);
      if (call) yield call;
    }
  }
}

async function* eventsIn(path: string): AsyncGenerator<unknown> {
  if (path.endsWith('.jsonl')) {
    for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line);
  } else if (/\.json(\.gz)?$/.test(path)) {
    const bytes = await readFile(path);
    const text = path.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes;
    yield* JSON.parse(text.toString()).Records ?? [];
  }
}
