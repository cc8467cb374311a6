/** Reads XML of strangers: no document types, no entities of their own, nothing outside the text, and names by namespace. */

import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
export const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
export const XML_CHARACTERS_MAX = 512 * 1024;
const ELEMENTS_MAX = 20_000;
/** The first warning ends the reading: what one reader repairs another reads differently. */
const STRICT = {
  locator: false,
  onError: (_level: string, message: string): void => {
    throw new Error(message);
  },
};

/** Undefined for what is too long, declares anything, or is not well-formed. */
export function parseXml(text: string): Document | undefined {
  // A document type is where entities, and with them files and addresses of others, would come in.
  if (text.length > XML_CHARACTERS_MAX || /<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text)) return undefined;
  try {
    const document = new DOMParser(STRICT).parseFromString(text, 'text/xml');
    return document.documentElement === null || document.getElementsByTagName('*').length > ELEMENTS_MAX ? undefined : document;
  } catch {
    return undefined;
  }
}

export function isElement(node: Node | null | undefined, namespace: string, name: string): node is Element {
  return node !== null && node !== undefined && node.nodeType === 1 && node.namespaceURI === namespace && node.localName === name;
}

/** Children with this name; what lies deeper is not looked at. */
export function childrenOf(parent: Node, namespace: string, name: string): readonly Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) if (isElement(node, namespace, name)) found.push(node);
  return found;
}

export function childOf(parent: Node, namespace: string, name: string): Element | undefined {
  return childrenOf(parent, namespace, name)[0];
}

export function everyOf(parent: Document | Element, namespace: string, name: string): readonly Element[] {
  return [...parent.getElementsByTagNameNS(namespace, name)];
}

/** The text of an element that holds text and nothing else: a comment or an element inside would make two readers read two texts. */
export function textOf(element: Element | undefined): string | undefined {
  if (element === undefined) return undefined;
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType !== 3) return undefined;
    text += node.nodeValue ?? '';
  }
  return text.trim() === '' ? undefined : text.trim();
}

export function attributeOf(element: Element | undefined, name: string): string | undefined {
  return element?.hasAttribute(name) === true ? (element.getAttribute(name) ?? undefined) : undefined;
}

/** For text and attributes of XML that we write. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
