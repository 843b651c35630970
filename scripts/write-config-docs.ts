import { writeFileSync } from 'node:fs';
import { schemaFiles } from './config-docs/schemas.ts';
import { WEBHOOK_SCHEMA, webhookEventSchema } from './config-docs/webhook-event.ts';
import { CONFIG_PAGE, configDocs } from './config-docs/write.ts';

/** Writes docs/configuration.md, and the JSON Schemas of the configuration and of webhooks; tests hold them against the code. */
writeFileSync(CONFIG_PAGE, configDocs());
for (const [file, text] of schemaFiles()) writeFileSync(`config/${file}`, text);
writeFileSync(WEBHOOK_SCHEMA, webhookEventSchema());
