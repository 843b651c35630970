import * as z from 'zod';

type JsonSchema = Record<string, unknown>;

declare module 'zod' {
  interface GlobalMeta {
    /** What the document says of a field that is taken as it comes, and checked later with a code of its own. */
    // `unknown`: with a schema here the compiler compares every schema with every other, without end.
    writtenAs?: unknown;
  }
}

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

/** A zod schema as JSON Schema, as the document has it. */
function plainly(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      const { writtenAs } = jsonSchema;
      if (writtenAs instanceof z.ZodType) {
        const { $schema: _, ...written } = plainly(writtenAs, io);
        for (const name of ['writtenAs', 'type', 'propertyNames', 'additionalProperties'])
          delete jsonSchema[name];
        Object.assign(jsonSchema, written);
      }
      tidy(jsonSchema, io);
    },
  });
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
      const whole = plainly(schema, io);
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
