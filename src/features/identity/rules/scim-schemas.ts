/** What we tell directories about ourselves: what can be done, which types there are, and what their attributes are (RFC 7643 §5 to §8). */

import { GROUP_SCHEMA, SCIM_OPERATIONS_MAX, SCIM_PAGE_MAX, USER_SCHEMA } from './scim.ts';

const CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

export function serviceConfig(base: string): unknown {
  return {
    schemas: [CONFIG_SCHEMA],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: SCIM_PAGE_MAX },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [{ type: 'oauthbearertoken', name: 'Bearer', description: `A key of one connection, made by an administrator. At most ${SCIM_OPERATIONS_MAX} operations in one PATCH.`, primary: true }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

export function resourceTypes(base: string): readonly { readonly id: string }[] {
  return [
    { id: 'User', name: 'User', endpoint: '/Users', schema: USER_SCHEMA },
    { id: 'Group', name: 'Group', endpoint: '/Groups', schema: GROUP_SCHEMA },
  ].map((one) => ({ schemas: [TYPE_SCHEMA], ...one, meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${one.id}` } }));
}

interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'complex' | 'reference';
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly mutability?: 'readWrite' | 'readOnly' | 'immutable';
  readonly uniqueness?: 'none' | 'server';
  readonly subAttributes?: readonly Attribute[];
}

/** With everything that RFC 7643 §7 wants said of an attribute. */
function whole({ subAttributes, ...attribute }: Attribute): unknown {
  return {
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    description: attribute.name,
    ...attribute,
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(whole) }),
  };
}

const USER: readonly Attribute[] = [
  { name: 'userName', type: 'string', required: true, uniqueness: 'server' },
  { name: 'name', type: 'complex', subAttributes: [{ name: 'formatted', type: 'string' }, { name: 'givenName', type: 'string' }, { name: 'familyName', type: 'string' }] },
  { name: 'displayName', type: 'string' },
  { name: 'emails', type: 'complex', multiValued: true, subAttributes: [{ name: 'value', type: 'string' }, { name: 'type', type: 'string' }, { name: 'primary', type: 'boolean' }] },
  { name: 'active', type: 'boolean' },
  { name: 'groups', type: 'complex', multiValued: true, mutability: 'readOnly', subAttributes: [{ name: 'value', type: 'string', mutability: 'readOnly' }, { name: 'display', type: 'string', mutability: 'readOnly' }, { name: '$ref', type: 'reference', mutability: 'readOnly' }] },
];

const GROUP: readonly Attribute[] = [
  { name: 'displayName', type: 'string', required: true, uniqueness: 'server' },
  { name: 'members', type: 'complex', multiValued: true, subAttributes: [{ name: 'value', type: 'string', mutability: 'immutable' }, { name: 'display', type: 'string', mutability: 'readOnly' }, { name: '$ref', type: 'reference', mutability: 'immutable' }] },
];

export function schemas(base: string): readonly { readonly id: string }[] {
  return [
    { id: USER_SCHEMA, name: 'User', description: 'A person of the organisation', attributes: USER.map(whole) },
    { id: GROUP_SCHEMA, name: 'Group', description: 'A group, which may give a role in the organisation', attributes: GROUP.map(whole) },
  ].map((one) => ({ schemas: [SCHEMA_SCHEMA], ...one, meta: { resourceType: 'Schema', location: `${base}/Schemas/${one.id}` } }));
}
