/** The description of the interface for programs: OpenAPI 3.1, made from the same schemas that check requests. */

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

export const API_VERSION = '1';

/** The part of OpenAPI 3.1 that this server writes and its page reads. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: { readonly [path: string]: { [method: string]: ApiOperation } };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  components?: { schemas?: Record<string, JsonSchema>; responses?: Record<string, unknown> };
}
export interface ApiOperation {
  operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly description?: string; readonly schema?: JsonSchema }[];
  requestBody?: { readonly required?: boolean; readonly content: { readonly [type: string]: { readonly schema?: JsonSchema } } };
  responses: { [status: string]: { readonly description?: string; readonly $ref?: string; readonly content?: { readonly [type: string]: { readonly schema?: JsonSchema } } } };
}
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly $ref?: string;
}

const PROBLEM: JsonSchema & Record<string, unknown> = {
  type: 'object',
  description: 'What went wrong, after RFC 9457.',
  required: ['type', 'title', 'status', 'instance', 'code'],
  properties: {
    type: { type: 'string', description: 'urn:mizan:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and what to do next, in the language of Accept-Language' },
    instance: { type: 'string', description: 'Number of the request; the log of the server knows it too' },
    code: { type: 'string', description: 'Stable name to program against' },
    errors: { type: 'array', items: { type: 'object', required: ['path', 'message'], properties: { path: { type: 'string' }, message: { type: 'string' } } } },
  },
};

/** Must run before any route is added: routes are collected as they come. Only routes with `config.api` are described. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mizan',
        version: API_VERSION,
        description: 'Register of artificial intelligence systems, dated law, and the decisions made under it. Problems are answered as application/problem+json.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
    },
    transform: (given) => {
      const { schema, url, route } = given;
      if (route.config?.api !== true) return { schema: { ...schema, hide: true }, url };
      const { upload } = route.config;
      const described = jsonSchemaTransform(given);
      if (upload === undefined) return described;
      const properties = { file: { type: 'string', format: 'binary', description: upload.file }, ...Object.fromEntries(Object.entries(upload.fields ?? {}).map(([name, description]) => [name, { type: 'string', description }])) };
      return { ...described, schema: { ...described.schema, consumes: ['multipart/form-data'], body: { type: 'object', required: ['file'], properties } } };
    },
  });
}

/** The document of all routes; call it when the server is ready. Adds what every operation shares: an id, and how problems are answered. */
export function openApiDocument(app: Pick<FastifyInstance, 'swagger'>): ApiDocument {
  const document = app.swagger() as unknown as ApiDocument;
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM },
    responses: { Problem: { description: 'A problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
  };
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      operation.operationId ??= `${method}${path.replace(/^\/api\/v\d+/, '')}`.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
      operation.responses['default'] ??= { $ref: '#/components/responses/Problem' };
    }
  }
  return document;
}
