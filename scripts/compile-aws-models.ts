import { writeFileSync } from 'node:fs';
import { compileAwsModels } from './aws-models.ts';

/**
 * Writes what the gateway knows of AWS's operations, from the models that botocore ships:
 * `node scripts/compile-aws-models.ts <folder of botocore>/data`.
 */
const [folder] = process.argv.slice(2);
if (!folder)
  throw new Error("name botocore's folder of models, as .venv/lib/python3.11/site-packages/botocore/data");
for (const [file, text] of compileAwsModels(folder)) writeFileSync(`gateway/identify/data/${file}`, text);
