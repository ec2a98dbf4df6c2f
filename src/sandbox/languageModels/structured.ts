import { z } from 'zod';
import type { HeardMessage } from './listener.ts';
import { classification } from './classification.ts';
import { simulatedSummary } from './summarising.ts';

/** Requests for one JSON object of a given schema: how they are asked, what vendors refuse of them, and the object itself. */

export interface AskedObject {
  readonly name: string;
  readonly schema: Schema;
  /** `text`: the object is the answer's text. `tool`: it is the input of a tool that the request forces (Anthropic). */
  readonly as: 'text' | 'tool';
}

export type Schema = z.infer<typeof schemaShape>;

const schemaShape = z.record(z.string(), z.unknown());
const objectName = z.string().regex(/^[\w-]{1,64}$/);

/** The fields of an OpenAI request that ask for an object. */
export const openaiObject = {
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: objectName, strict: z.boolean().nullish(), schema: schemaShape }),
      }),
    ])
    .optional(),
};

/** The fields of an Anthropic request that ask for an object. */
export const anthropicObject = {
  output_config: z
    .object({ format: z.object({ type: z.literal('json_schema'), schema: schemaShape }).nullish() })
    .optional(),
  tools: z.array(z.object({ name: objectName, strict: z.boolean().optional(), input_schema: schemaShape })).optional(),
  tool_choice: z.object({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() }).optional(),
};

type Asked = { readonly object: AskedObject | null } | { readonly refused: string };

export function askedOfOpenai(body: {
  readonly response_format?: z.infer<typeof openaiObject.response_format>;
}): Asked {
  const format = body.response_format;
  if (format?.type !== 'json_schema') return { object: null };
  const { name, strict, schema } = format.json_schema;
  const fault = strict === true ? schemaFault(schema, 'allRequired') : null;
  if (fault !== null) return { refused: `Invalid schema for response_format '${name}': ${fault}` };
  return { object: { name, schema, as: 'text' } };
}

export function askedOfAnthropic(body: {
  readonly output_config?: z.infer<typeof anthropicObject.output_config>;
  readonly tools?: z.infer<typeof anthropicObject.tools>;
  readonly tool_choice?: z.infer<typeof anthropicObject.tool_choice>;
}): Asked {
  const format = body.output_config?.format;
  if (format) {
    const fault = schemaFault(format.schema, 'closed');
    return fault === null
      ? { object: { name: 'output', schema: format.schema, as: 'text' } }
      : { refused: `output_config.format.schema: ${fault}` };
  }
  if (body.tool_choice?.type !== 'tool') return { object: null };
  const { name } = body.tool_choice;
  const tool = body.tools?.find((listed) => listed.name === name);
  if (tool === undefined) return { refused: `tool_choice: Tool '${name ?? ''}' not found in provided tools` };
  const fault = tool.strict === true ? schemaFault(tool.input_schema, 'closed') : null;
  if (fault !== null) return { refused: `tools: ${fault}` };
  return { object: { name: tool.name, schema: tool.input_schema, as: 'tool' } };
}

/** What the strict modes of both vendors refuse: open objects, and with OpenAI properties that are not required. */
function schemaFault(schema: unknown, rule: 'allRequired' | 'closed'): string | null {
  if (Array.isArray(schema))
    return schema.map((part) => schemaFault(part, rule)).find((fault) => fault !== null) ?? null;
  if (typeof schema !== 'object' || schema === null) return null;
  const { type, properties, required, additionalProperties } = nodeShape.parse(schema);
  if (type === 'object') {
    if (additionalProperties !== false) return "'additionalProperties' is required to be supplied and to be false";
    const missing = Object.keys(properties).filter((name) => !required.includes(name));
    if (rule === 'allRequired' && missing.length > 0)
      return `'required' must include every key: missing '${missing[0]}'`;
  }
  return (
    Object.values(schema)
      .map((part) => schemaFault(part, rule))
      .find((fault) => fault !== null) ?? null
  );
}

const nodeShape = z.object({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).catch({}).default({}),
  required: z.array(z.string()).catch([]).default([]),
  additionalProperties: z.unknown().optional(),
});

/**
 * The object: simulated classification in the fields that are known by name and allowed by the schema, and the emptiest allowed value
 * in all others. The properties stand in the order of the schema, as both vendors print them.
 */
export function objectFor(asked: AskedObject, messages: readonly HeardMessage[]): string {
  const { properties } = nodeShape.parse(asked.schema);
  const found =
    'broughtBy' in properties
      ? simulatedSummary(messages)
      : classification(messages, 'missed' in properties ? 'wholeCall' : 'lastWords');
  const filled = Object.entries(properties).map(([name, property]) => [name, valueFor(property, found[name])] as const);
  return JSON.stringify(Object.fromEntries(filled));
}

const propertyShape = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
});

function valueFor(property: unknown, found: unknown): unknown {
  const parsed = propertyShape.safeParse(property);
  if (!parsed.success) return null;
  const { type, enum: allowed, items } = parsed.data;
  if (allowed !== undefined) return allowed.includes(found) ? found : allowed[0];
  const types = typeof type === 'string' ? [type] : (type ?? []);
  if (types.includes('array'))
    return Array.isArray(found) ? found.filter((item) => valueFor(items, item) === item) : [];
  if (types.includes('boolean')) return typeof found === 'boolean' ? found : false;
  if (types.includes('number') || types.includes('integer')) return typeof found === 'number' ? found : 0;
  if (types.includes('string') && typeof found === 'string') return found;
  return types.includes('null') ? null : types.includes('string') ? '' : {};
}

/** Valid JSON that is not what was asked for: a value that the schema does not know, and a field too few. */
export function offSchema(text: string): string {
  const entries = Object.entries(schemaShape.parse(JSON.parse(text)));
  return JSON.stringify(
    Object.fromEntries(entries.slice(0, -1).map(([name, value], i) => [name, i === 0 ? 'severe' : value])),
  );
}

/** An object that is never closed, though its stream ends in good order. */
export function brokenJson(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}

/** Pieces of some tokens each. */
export function piecesOf(text: string): string[] {
  return text.match(/[\s\S]{1,16}/gu) ?? [];
}
