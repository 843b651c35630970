import { writeFileSync } from 'node:fs';
import { schemaFiles } from './config-docs/schemas.ts';
import { CONFIG_PAGE, configDocs } from './config-docs/write.ts';

/** Writes docs/configuration.md and the JSON Schemas beside the configuration; tests hold them against the code. */
writeFileSync(CONFIG_PAGE, configDocs());
for (const [file, text] of schemaFiles()) writeFileSync(`config/${file}`, text);
