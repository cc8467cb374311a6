/** The rules of OpenAPI 3.1 that need no network to check: structure, parameters of paths, references, and schemas under JSON Schema 2020-12. */

import type { ApiDocument, JsonSchema } from '../../src/platform/http/openapi.ts';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** Anything that can say whether a JSON Schema is one. */
interface SchemaChecker {
  validateSchema(schema: object): unknown;
}

/** Answers one sentence for each broken rule, each with where. */
export function brokenOpenApiRules(document: ApiDocument, schemas: SchemaChecker): string[] {
  const broken: string[] = [];
  if (!/^3\.1\.\d+$/.test(document.openapi)) broken.push('openapi is not 3.1.x');
  if (!document.info.title || !document.info.version) broken.push('info needs title and version');
  const ids = new Set<string>();
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith('/')) broken.push(`${path}: paths begin with /`);
    const placeholders = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
    for (const [method, operation] of Object.entries(methods)) {
      const at = `${method} ${path}`;
      if (!METHODS.has(method)) broken.push(`${at}: unknown method`);
      if (operation.operationId !== undefined && ids.has(operation.operationId)) broken.push(`${at}: operationId ${operation.operationId} twice`);
      ids.add(operation.operationId ?? at);
      const named = new Set<string>();
      for (const parameter of operation.parameters ?? []) {
        if (named.has(`${parameter.in} ${parameter.name}`)) broken.push(`${at}: parameter ${parameter.name} twice`);
        named.add(`${parameter.in} ${parameter.name}`);
        if (!['query', 'header', 'path', 'cookie'].includes(parameter.in)) broken.push(`${at}: parameter ${parameter.name} is in ${parameter.in}`);
        if (parameter.in === 'path' && parameter.required !== true) broken.push(`${at}: path parameter ${parameter.name} must be required`);
        if (parameter.in === 'path' && !placeholders.includes(parameter.name)) broken.push(`${at}: ${parameter.name} is not in the path`);
        checkSchema(parameter.schema, `${at} parameter ${parameter.name}`);
      }
      for (const name of placeholders) if (!named.has(`path ${name ?? ''}`)) broken.push(`${at}: ${name} is not described`);
      for (const [type, body] of Object.entries(operation.requestBody?.content ?? {})) checkSchema(body.schema, `${at} body ${type}`);
      if (Object.keys(operation.responses).length === 0) broken.push(`${at}: no responses`);
      for (const [status, response] of Object.entries(operation.responses)) {
        if (!/^([1-5](\d\d|XX)|default)$/.test(status)) broken.push(`${at}: status ${status}`);
        if (response.$ref === undefined && response.description === undefined) broken.push(`${at}: response ${status} has no description`);
        for (const [type, content] of Object.entries(response.content ?? {})) checkSchema(content.schema, `${at} ${status} ${type}`);
      }
    }
  }
  for (const reference of referencesIn(document)) {
    const target = reference.slice(2).split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);
    if (!reference.startsWith('#/') || target === undefined) broken.push(`${reference} leads nowhere`);
  }
  return broken;

  function checkSchema(schema: JsonSchema | undefined, at: string): void {
    if (schema !== undefined && schemas.validateSchema(schema) !== true) broken.push(`${at}: not a JSON Schema`);
  }
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner)));
}
