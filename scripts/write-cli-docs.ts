import { writeFileSync } from 'node:fs';
import { CLI_DOCS, cliDocs } from './cli-docs.ts';

writeFileSync(CLI_DOCS, cliDocs());
