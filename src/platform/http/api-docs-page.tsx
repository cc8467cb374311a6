/** The page that explains the interface for programs: per subject, per operation, without a script. */

import type { VNode } from 'preact';
import type { Page, PageContext } from '../html/page.tsx';
import type { ApiDocument, ApiOperation, JsonSchema } from './openapi.ts';
import { apiText } from './text/index.ts';

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: ApiOperation;
}
type Translate = ReturnType<typeof apiText.in>;
const DEPTH_MAX = 4;

export function apiDocsPage(document: ApiDocument, frame: PageContext): Page {
  const t = apiText.in(frame.language);
  const byTag = new Map<string, Entry[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? 'other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), { path, method, operation }]);
    }
  }
  const tags = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    title: t('title'),
    description: t('lead'),
    wide: true,
    body: (
      <div class="api-docs">
        <h1>{t('title')}</h1>
        <p class="lead">{t('lead')}</p>
        <p>
          <a href="/api/v1/openapi.json">{t('document')}</a>
        </p>
        <nav aria-label={t('contents')}>
          <h2>{t('contents')}</h2>
          <ul>
            {tags.map(([tag, entries]) => (
              <li key={tag}>
                <a href={`#${tag}`} lang="en">{tag}</a>
                <ul>
                  {entries.map((entry) => (
                    <li key={entry.method + entry.path}>
                      <a href={`#${entry.operation.operationId}`} lang="en">{entry.operation.summary ?? entry.path}</a>
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </nav>
        {tags.map(([tag, entries]) => (
          <section key={tag} id={tag} lang="en">
            <h2>{tag}</h2>
            {entries.map((entry) => (
              <Operation key={entry.method + entry.path} entry={entry} t={t} language={frame.language} />
            ))}
          </section>
        ))}
      </div>
    ),
  };
}

function Operation({ entry, t, language }: { readonly entry: Entry; readonly t: Translate; readonly language: string }): VNode {
  const { path, method, operation } = entry;
  const parameters = (operation.parameters ?? []).map((one) => ({ name: one.name, where: one.in, required: one.required === true, schema: one.schema ?? {}, description: one.description ?? one.schema?.description ?? '' }));
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  return (
    <article class="api-docs__operation" id={operation.operationId}>
      <h3>{operation.summary ?? path}</h3>
      <p>
        <code class="api-docs__route">
          <strong>{method.toUpperCase()}</strong> {path}
        </code>
      </p>
      {operation.description === undefined ? null : <p>{operation.description}</p>}
      {parameters.length === 0 ? null : <Fields title={t('parameters')} rows={parameters} t={t} language={language} />}
      {bodies.map(([type, body]) => (
        <Fields key={type} title={`${t('body')}: ${type}`} rows={fieldsOf(body.schema ?? {})} t={t} language={language} />
      ))}
      <h4 lang={language}>{t('answers')}</h4>
      <ul>
        {Object.entries(operation.responses).map(([status, response]) => {
          const [[type, content] = []] = Object.entries(response.content ?? {});
          const rows = fieldsOf(content?.schema ?? {});
          return (
            <li key={status}>
              <code>{status === 'default' ? '4xx, 5xx' : status}</code> {type ?? (status === 'default' ? 'application/problem+json' : '')}
              {rows.length === 0 ? null : (
                <details>
                  <summary lang={language}>{t('fields')}</summary>
                  <Fields title={t('fields')} rows={rows} t={t} language={language} />
                </details>
              )}
            </li>
          );
        })}
      </ul>
      <h4 lang={language}>{t('example')}</h4>
      <pre class="code api-docs__example" tabIndex={0} role="group" lang="en" aria-label={`${t('example')}: ${operation.summary ?? path}`}>
        <code>{curl(entry)}</code>
      </pre>
    </article>
  );
}

interface Field {
  readonly name: string;
  readonly where?: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description: string;
}

function Fields({ title, rows, t, language }: { readonly title: string; readonly rows: readonly Field[]; readonly t: Translate; readonly language: string }): VNode | null {
  if (rows.length === 0) return null;
  return (
    <div class="table-scroll" role="group" aria-label={title} tabIndex={0}>
      <table class="table">
        <caption lang={language}>{title}</caption>
        <thead lang={language}>
          <tr>
            <th scope="col">{t('name')}</th>
            <th scope="col">{t('type')}</th>
            <th scope="col">{t('meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <code>{row.name}</code>
                {row.where === undefined ? '' : ` (${row.where})`}
                {row.required ? <span lang={language}> – {t('required')}</span> : null}
              </th>
              <td>{typeOf(row.schema)}</td>
              <td>
                {row.description}
                {row.schema.default === undefined ? null : <span lang={language}> {t('default', { value: JSON.stringify(row.schema.default) })}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Fields of an object, those of inner objects as `outer.inner`, those of lists as `outer[].inner`. */
function fieldsOf(schema: JsonSchema, prefix = '', depth = 0): readonly Field[] {
  if (depth >= DEPTH_MAX) return [];
  if (schema.type === 'array' && schema.items !== undefined) return fieldsOf(schema.items, `${prefix}[]`, depth + 1);
  const alternative = (schema.anyOf ?? schema.oneOf)?.find((one) => one.properties !== undefined);
  const from = schema.properties === undefined && alternative !== undefined ? alternative : schema;
  return Object.entries(from.properties ?? {}).flatMap(([name, inner]) => {
    const full = prefix === '' ? name : `${prefix}.${name}`;
    return [{ name: full, required: from.required?.includes(name) === true, schema: inner, description: inner.description ?? '' }, ...fieldsOf(inner, full, depth + 1)];
  });
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(' | ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  const name = schema.type === undefined ? 'any' : [schema.type].flat().join(' | ');
  const bounds = [schema.format, schema.minimum === undefined ? undefined : `≥ ${schema.minimum}`, schema.maximum === undefined ? undefined : `≤ ${schema.maximum}`, schema.maxLength === undefined ? undefined : `≤ ${schema.maxLength} characters`].filter((one) => one !== undefined);
  return bounds.length === 0 ? name : `${name} (${bounds.join(', ')})`;
}

/** A command that can be pasted; words in capitals are to be replaced. */
function curl({ path, method, operation }: Entry): string {
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required === true).map((one) => `${one.name}=${one.name.toUpperCase()}`).join('&');
  const url = `http://127.0.0.1:8080${path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => name.toUpperCase())}${query === '' ? '' : `?${query}`}`;
  const parts = [`curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${url}'`];
  const [[type, body] = []] = Object.entries(operation.requestBody?.content ?? {});
  const fields = fieldsOf(body?.schema ?? {}).filter((one) => !one.name.includes('.') && !one.name.includes('['));
  if (type === 'multipart/form-data') parts.push(...fields.map((one) => (one.name === 'file' ? `-F file=@FILE` : `-F ${one.name}=${one.name.toUpperCase()}`)));
  else if (type !== undefined) parts.push(`-H 'content-type: application/json'`, `-d '${JSON.stringify(Object.fromEntries(fields.filter((one) => one.required).map((one) => [one.name, sample(one.schema)])))}'`);
  return parts.join(' \\\n  ');
}

function sample(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return sample(first);
  const [type] = [schema.type].flat();
  if (type === 'array') return [];
  if (type === 'object') return {};
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  return 'TEXT';
}
