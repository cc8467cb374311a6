/** SCIM 2.0 as text: filters, PATCH operations in the shapes that directories really send, and resources (RFC 7643, RFC 7644). */

import { no, type Verdict, yes } from '../../../base/index.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

export const SCIM_PAGE_MAX = 200;
export const SCIM_OPERATIONS_MAX = 200;
export const SCIM_MEMBERS_MAX = 10_000;
const TEXT_MAX = 1000;

/** A problem of the request in the words of RFC 7644 §3.12. */
export interface ScimProblem {
  readonly status: number;
  readonly scimType?: 'invalidFilter' | 'invalidPath' | 'invalidSyntax' | 'invalidValue' | 'mutability' | 'noTarget' | 'tooMany' | 'uniqueness';
  readonly detail: string;
}
type Read<T> = Verdict<T, ScimProblem>;

const bad = (scimType: NonNullable<ScimProblem['scimType']>, detail: string): Verdict<never, ScimProblem> => no({ status: 400, scimType, detail });

/** What a directory may say of a person. An absent field was not told. */
export interface UserDraft {
  readonly userName: string;
  readonly externalId: string | undefined;
  readonly active: boolean;
  readonly formatted: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly displayName: string | undefined;
  readonly email: string | undefined;
}

export interface GroupDraft {
  readonly displayName: string;
  readonly externalId: string | undefined;
  /** Ids of people. */
  readonly members: ReadonlySet<string>;
}

export interface Filter {
  readonly attribute: string;
  readonly value: string;
}

/** `attribute eq "value"`; undefined when no filter was given. Other filters are refused rather than answered wrongly. */
export function readFilter(asked: string | undefined, attributes: readonly string[]): Read<Filter | undefined> {
  if (asked === undefined || asked.trim() === '') return yes(undefined);
  const [, name = '', , quoted = ''] = /^\s*([A-Za-z][\w.:-]*(\[[^\]]{1,100}\]\.\w+)?)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(asked) ?? [];
  const attribute = attributes.find((one) => one.toLowerCase() === plainName(name).toLowerCase());
  if (attribute === undefined || asked.length > TEXT_MAX) return bad('invalidFilter', `Filters are: ${attributes.map((one) => `${one} eq "…"`).join(', ')}.`);
  try {
    return yes({ attribute, value: JSON.parse(quoted) as string });
  } catch {
    return bad('invalidFilter', 'The text of the filter is not written as JSON text.');
  }
}

/** Without the name of the schema; `emails[type eq "work"].value` and `emails.value` are `emails`. */
function plainName(name: string): string {
  return name.replace(/^urn:.*:(?:User|Group):/i, '').replace(/^emails(?:\[.*\])?(?:\.value)?$/i, 'emails');
}

export function readPaging(query: { readonly startIndex?: string | undefined; readonly count?: string | undefined }): Read<{ readonly offset: number; readonly limit: number }> {
  const [start = 1, count = 100] = [query.startIndex, query.count].map((asked) => (asked === undefined || asked === '' ? undefined : /^-?\d{1,9}$/.test(asked) ? Number(asked) : Number.NaN));
  if (Number.isNaN(start) || Number.isNaN(count)) return bad('invalidValue', 'startIndex and count are whole numbers.');
  return yes({ offset: Math.max(0, start - 1), limit: Math.min(SCIM_PAGE_MAX, Math.max(0, count)) });
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of attributes are not case-sensitive. */
function field(fields: Fields, name: string): unknown {
  const key = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : fields[key];
}

function text(value: unknown, name: string): Read<string | undefined> {
  if (value === undefined || value === null || value === '') return yes(undefined);
  if (typeof value !== 'string' || value.length > TEXT_MAX) return bad('invalidValue', `${name} is a text of at most ${TEXT_MAX} characters.`);
  return yes(value.trim() === '' ? undefined : value.trim());
}

/** Some directories write truth as text. */
function truth(value: unknown): Read<boolean> {
  if (typeof value === 'boolean') return yes(value);
  if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) return yes(value.toLowerCase() === 'true');
  // One that wraps it in a list of one value.
  if (Array.isArray(value) && value.length === 1 && isFields(value[0])) return truth(field(value[0], 'value'));
  return bad('invalidValue', 'active is true or false.');
}

/** The address that counts among several: the primary one, else that of work, else the first. */
function emailIn(value: unknown): Read<string | undefined> {
  if (value === undefined || value === null) return yes(undefined);
  if (typeof value === 'string') return text(value, 'emails');
  const list = (Array.isArray(value) ? value : [value]).filter(isFields);
  const chosen = list.find((one) => field(one, 'primary') === true || field(one, 'primary') === 'true') ?? list.find((one) => field(one, 'type') === 'work') ?? list[0];
  return chosen === undefined ? yes(undefined) : text(field(chosen, 'value'), 'emails.value');
}

const NAMELESS: UserDraft = { userName: '', externalId: undefined, active: true, formatted: undefined, givenName: undefined, familyName: undefined, displayName: undefined, email: undefined };

/** A whole user, as POST and PUT send it. What is not known here is left out, as RFC 7643 allows. */
export function readUser(body: unknown): Read<UserDraft> {
  if (!isFields(body)) return bad('invalidSyntax', 'The body is a JSON object.');
  return finishUser(setAll(NAMELESS, body));
}

function finishUser(draft: Read<UserDraft>): Read<UserDraft> {
  if (!draft.ok) return draft;
  return draft.value.userName === '' ? bad('invalidValue', 'userName is required.') : draft;
}

function setAll(draft: UserDraft, fields: Fields): Read<UserDraft> {
  let done: Read<UserDraft> = yes(draft);
  for (const [name, value] of Object.entries(fields)) {
    if (!done.ok) return done;
    done = setUser(done.value, name, value);
  }
  return done;
}

/** One attribute by its path; a path that is well-formed and not kept here changes nothing. */
function setUser(draft: UserDraft, path: string, value: unknown): Read<UserDraft> {
  const name = plainName(path).toLowerCase();
  const put = (key: 'externalId' | 'formatted' | 'givenName' | 'familyName' | 'displayName' | 'email', read: Read<string | undefined>): Read<UserDraft> => (read.ok ? yes({ ...draft, [key]: read.value }) : read);
  switch (name) {
    case 'username': {
      const read = text(value, 'userName');
      if (!read.ok) return read;
      return read.value === undefined ? bad('invalidValue', 'userName is required.') : yes({ ...draft, userName: read.value });
    }
    case 'active': {
      const read = truth(value);
      return read.ok ? yes({ ...draft, active: read.value }) : read;
    }
    case 'externalid':
      return put('externalId', text(value, 'externalId'));
    case 'displayname':
      return put('displayName', text(value, 'displayName'));
    case 'name':
      return isFields(value) ? setAll(draft, Object.fromEntries(Object.entries(value).map(([key, one]) => [`name.${key}`, one]))) : bad('invalidValue', 'name is an object.');
    case 'name.formatted':
      return put('formatted', text(value, 'name.formatted'));
    case 'name.givenname':
      return put('givenName', text(value, 'name.givenName'));
    case 'name.familyname':
      return put('familyName', text(value, 'name.familyName'));
    case 'emails':
      return put('email', emailIn(value));
    default:
      return yes(draft);
  }
}

interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string | undefined;
  readonly value: unknown;
}

const PATH = /^(?:urn:[\w:.-]+:)?[A-Za-z][\w$-]*(?:\[[^\]]{1,300}\])?(?:\.[A-Za-z][\w$-]*)?$/;

function readOperations(body: unknown): Read<readonly Operation[]> {
  const list = isFields(body) ? field(body, 'Operations') : undefined;
  if (!Array.isArray(list) || list.length === 0) return bad('invalidSyntax', 'A PATCH has Operations.');
  if (list.length > SCIM_OPERATIONS_MAX) return no({ status: 413, scimType: 'tooMany', detail: `At most ${SCIM_OPERATIONS_MAX} operations at once.` });
  const operations: Operation[] = [];
  for (const one of list as readonly unknown[]) {
    const named = isFields(one) ? field(one, 'op') : undefined;
    const op = typeof named === 'string' ? named.toLowerCase() : '';
    const path = isFields(one) ? field(one, 'path') : undefined;
    if (!isFields(one) || (op !== 'add' && op !== 'replace' && op !== 'remove')) return bad('invalidSyntax', 'An operation is add, replace or remove.');
    if (path !== undefined && path !== null && (typeof path !== 'string' || !PATH.test(path))) return bad('invalidPath', 'The path of an operation cannot be read.');
    if (op === 'remove' && typeof path !== 'string') return bad('noTarget', 'A removal names its path.');
    operations.push({ op, path: typeof path === 'string' ? path : undefined, value: field(one, 'value') });
  }
  return yes(operations);
}

export function patchUser(draft: UserDraft, body: unknown): Read<UserDraft> {
  const operations = readOperations(body);
  if (!operations.ok) return operations;
  let done: Read<UserDraft> = yes(draft);
  for (const { op, path, value } of operations.value) {
    if (!done.ok) return done;
    if (path === undefined) done = isFields(value) ? setAll(done.value, value) : bad('invalidValue', 'An operation without a path has an object as its value.');
    else if (op !== 'remove') done = setUser(done.value, path, value);
    else if (['username', 'active'].includes(plainName(path).toLowerCase())) done = bad('mutability', `${path} cannot be removed.`);
    else done = plainName(path).toLowerCase() === 'name' ? yes({ ...done.value, formatted: undefined, givenName: undefined, familyName: undefined }) : setUser(done.value, path, undefined);
  }
  return finishUser(done);
}

export function readGroup(body: unknown): Read<GroupDraft> {
  if (!isFields(body)) return bad('invalidSyntax', 'The body is a JSON object.');
  return setGroupAll({ displayName: '', externalId: undefined, members: new Set() }, 'replace', body);
}

function setGroupAll(draft: GroupDraft, op: 'add' | 'replace', fields: Fields): Read<GroupDraft> {
  let done: Read<GroupDraft> = yes(draft);
  for (const [name, value] of Object.entries(fields)) {
    if (!done.ok) return done;
    done = setGroup(done.value, op, name, value);
  }
  if (!done.ok) return done;
  return done.value.displayName === '' ? bad('invalidValue', 'displayName is required.') : done;
}

function setGroup(draft: GroupDraft, op: 'add' | 'replace', path: string, value: unknown): Read<GroupDraft> {
  switch (plainName(path).toLowerCase()) {
    case 'displayname': {
      const read = text(value, 'displayName');
      if (!read.ok) return read;
      return read.value === undefined || read.value.length > 200 ? bad('invalidValue', 'displayName has 1 to 200 characters.') : yes({ ...draft, displayName: read.value });
    }
    case 'externalid': {
      const read = text(value, 'externalId');
      return read.ok ? yes({ ...draft, externalId: read.value }) : read;
    }
    case 'members': {
      const ids = memberIds(value);
      if (!ids.ok) return ids;
      const members = new Set([...(op === 'add' ? draft.members : []), ...ids.value]);
      return members.size > SCIM_MEMBERS_MAX ? no({ status: 413, scimType: 'tooMany', detail: `A group has at most ${SCIM_MEMBERS_MAX} members.` }) : yes({ ...draft, members });
    }
    default:
      return yes(draft);
  }
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function memberIds(value: unknown): Read<readonly string[]> {
  if (value === undefined || value === null) return yes([]);
  const list = Array.isArray(value) ? value : [value];
  const ids = list.map((one: unknown) => (isFields(one) ? field(one, 'value') : one));
  if (ids.length > SCIM_MEMBERS_MAX || !ids.every((id): id is string => typeof id === 'string' && ID.test(id))) return bad('invalidValue', 'members are objects with the id of a user as value.');
  return yes(ids.map((id) => id.toLowerCase()));
}

export function patchGroup(draft: GroupDraft, body: unknown): Read<GroupDraft> {
  const operations = readOperations(body);
  if (!operations.ok) return operations;
  let done: Read<GroupDraft> = yes(draft);
  for (const { op, path, value } of operations.value) {
    if (!done.ok) return done;
    if (op === 'remove') done = removeFromGroup(done.value, path ?? '', value);
    else if (path === undefined) done = isFields(value) ? setGroupAll(done.value, op, value) : bad('invalidValue', 'An operation without a path has an object as its value.');
    else done = setGroup(done.value, op, path, value);
  }
  return done;
}

function removeFromGroup(draft: GroupDraft, path: string, value: unknown): Read<GroupDraft> {
  const [, one] = /^members\[\s*value\s+eq\s+"([^"]{1,100})"\s*\]$/i.exec(path) ?? [];
  if (one !== undefined) return yes({ ...draft, members: new Set([...draft.members].filter((id) => id !== one.toLowerCase())) });
  switch (plainName(path).toLowerCase()) {
    case 'members': {
      const ids = memberIds(value);
      if (!ids.ok) return ids;
      // Without a value all go; some directories name those who go in the value.
      return yes({ ...draft, members: value === undefined || value === null ? new Set() : new Set([...draft.members].filter((id) => !ids.value.includes(id))) });
    }
    case 'externalid':
      return yes({ ...draft, externalId: undefined });
    case 'displayname':
      return bad('mutability', 'displayName cannot be removed.');
    default:
      return bad('invalidPath', 'Groups have displayName, externalId and members.');
  }
}

/** The name of a person, as fully as the directory tells it. */
export function nameOfDraft(draft: UserDraft): string {
  const parts = [draft.givenName, draft.familyName].filter((one) => one !== undefined).join(' ');
  return (draft.displayName ?? draft.formatted ?? (parts === '' ? draft.userName : parts)).slice(0, 200);
}

/** The address: told as such, else the name of the account when it is one. */
export function emailOfDraft(draft: UserDraft): string {
  return (draft.email ?? draft.userName).toLowerCase();
}

export const etagOf = (version: number): string => `W/"${version}"`;

/** Whether a condition header names this version (weakly compared). */
export function matches(header: string, version: number): boolean {
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === `"${version}"`);
}
