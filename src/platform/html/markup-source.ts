/** Writes a tree of components the way a programmer would type it, so that examples show the props they use. */

import { Fragment, isValidElement, type VNode } from 'preact';

const LINE_LETTERS = 100;
const TEXT_LETTERS_MAX = 400;

/** `<Button tone="danger">Withdraw</Button>`; long data ends in an ellipsis. */
export function markupSource(node: VNode, indent = ''): string {
  const name = nameOf(node);
  const { children, ...props } = node.props as Record<string, unknown>;
  const attributes = Object.entries(props).filter(([, value]) => value !== undefined).map(([key, value]) => attribute(key, value, indent));
  const inner = childrenSource(children, `${indent}  `);
  const open = `${indent}<${name}${attributes.map((one) => ` ${one}`).join('')}`;
  const head = open.length <= LINE_LETTERS ? open : `${indent}<${name}\n${attributes.map((one) => `${indent}  ${one}`).join('\n')}\n${indent}`;
  if (inner.length === 0) return `${head}${head.endsWith(indent) && head.includes('\n') ? '' : ' '}/>`;
  const only = inner.length === 1 ? (inner[0] ?? '').trim() : undefined;
  if (only !== undefined && !only.includes('\n') && head.length + only.length + name.length < LINE_LETTERS) return `${head}>${only}</${name}>`;
  return `${head}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

function nameOf(node: VNode): string {
  if (typeof node.type === 'string') return node.type;
  // A bundler may add $1 to a name that occurs twice.
  return node.type === Fragment ? '' : node.type.name.replace(/\$\d+$/, '');
}

function attribute(key: string, value: unknown, indent: string): string {
  if (value === true) return key;
  if (typeof value === 'string') return value.includes('"') ? `${key}={${JSON.stringify(value)}}` : `${key}="${value}"`;
  if (isValidElement(value)) return `${key}={${markupSource(value, `${indent}    `).trim()}}`;
  return `${key}={${valueSource(value, `${indent}  `)}}`;
}

function valueSource(value: unknown, indent: string): string {
  if (typeof value === 'function') return '(…) => …';
  if (typeof value === 'string') return value.length > TEXT_LETTERS_MAX ? `'${value.slice(0, 20)}…'` : `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isValidElement(value)) return markupSource(value, indent).trim();
  const parts = Array.isArray(value)
    ? value.map((one) => valueSource(one, `${indent}  `))
    : Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => `${key}: ${valueSource(one, `${indent}  `)}`);
  const [left, right] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const line = `${left} ${parts.join(', ')} ${right}`;
  return line.length <= LINE_LETTERS && !line.includes('\n') ? line : `${left}\n${parts.map((part) => `${indent}  ${part},`).join('\n')}\n${indent}${right}`;
}

function childrenSource(children: unknown, indent: string): string[] {
  if (Array.isArray(children)) return children.flatMap((one) => childrenSource(one, indent));
  if (children === null || children === undefined || typeof children === 'boolean') return [];
  if (isValidElement(children)) return [markupSource(children, indent)];
  if (typeof children === 'function') return [`${indent}{(…) => …}`];
  return typeof children === 'string' || typeof children === 'number' ? [`${indent}${children}`] : [];
}
