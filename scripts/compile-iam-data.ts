import { writeFileSync } from 'node:fs';
import { compileIamData } from './iam-data.ts';

/** Writes what IAM knows of each service, compact; a test holds the files against the package they come from. */
for (const [file, text] of compileIamData()) writeFileSync(`policy/data/${file}`, text);
