import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/**
 * Leaves out what zod adds and no reader needs: the bounds of safe integers, a pattern beside its format. And
 * what would bind us: a client must not refuse an answer for a field that a later version adds.
 */
function tidy(schema: JsonSchema, io: 'input' | 'output'): void {
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.format === 'date-time') delete schema.pattern;
}

/**
 * Turns zod schemas into JSON Schema. Those with an `id` in their metadata become components, so that clients
 * generated from the document have types of these names.
 */
export function makeSchemaWriter() {
  const components: Record<string, JsonSchema> = {};

  function keep(id: string, { id: _, ...schema }: JsonSchema) {
    components[id] = schema;
  }

  return {
    components,
    /** `input`: what a caller may send; `output`: what the API answers. */
    write(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
      const whole = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        override: ({ jsonSchema }) => tidy(jsonSchema, io),
      });
      const text = JSON.stringify(whole).replaceAll('#/$defs/', '#/components/schemas/');
      const { $schema: _, $defs = {}, ...rest } = JSON.parse(text);
      for (const [id, definition] of Object.entries<JsonSchema>($defs)) keep(id, definition);
      if (typeof rest.id !== 'string') return rest;
      keep(rest.id, rest);
      return { $ref: `#/components/schemas/${rest.id}` };
    },
  };
}
export type SchemaWriter = ReturnType<typeof makeSchemaWriter>;
