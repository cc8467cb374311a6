/** Lets the directory of an organisation keep its people and groups here (SCIM 2.0): only its own, with roles of its organisation only. */

import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import type { Organisation } from '../model.ts';
import { type Connection, connectionActor, isOfDomains } from '../rules/connection.ts';
import { emailOfDraft, type GroupDraft, nameOfDraft, patchGroup, patchUser, readFilter, readGroup, readUser, type ScimProblem, type UserDraft } from '../rules/scim.ts';
import type { ConnectionDb, ScimNames } from '../store/connection-tables.ts';
import { currentMemberships } from '../store/connections.ts';
import { endMembership, lockForest, otherAdministrators } from '../store/organisations.ts';
import { changePerson, createPerson, getPerson, getPersonByEmail } from '../store/people.ts';
import { findUserByName, getGroup, getUser, groupsOf, listGroups, listUsers, membersOf, putGroup, putUser, removedUser, removeGroup, removeUser, type ScimGroup, type ScimUser, setMembers } from '../store/scim.ts';
import { endSessions } from '../store/sessions.ts';
import { endTokens } from '../store/tokens.ts';
import { asIdentity, distanceTo, keepRoles } from './directory.ts';
import type { Parts } from './parts.ts';

type Outcome<T> = Promise<Verdict<T, ScimProblem>>;

/** A directory that showed a good key. */
export interface Directory {
  readonly connection: Connection;
  readonly organisation: Organisation;
}

export interface UserView {
  readonly user: ScimUser;
  readonly groups: readonly ScimGroup[];
}
export interface GroupView {
  readonly group: ScimGroup;
  readonly members: readonly { readonly id: string; readonly userName: string }[];
}
interface Page {
  readonly offset: number;
  readonly limit: number;
}
/** The change, given what stands; refused when the version is not the expected one. */
type Change = { readonly put: unknown } | { readonly patch: unknown };
type Condition = (version: number) => boolean;

export interface Scim {
  listUsers(of: Directory, filter: string | undefined, page: Page): Outcome<{ readonly total: number; readonly users: readonly UserView[] }>;
  getUser(of: Directory, id: string): Outcome<UserView>;
  createUser(of: Directory, body: unknown): Outcome<UserView>;
  changeUser(of: Directory, id: string, change: Change, holds: Condition): Outcome<UserView>;
  deleteUser(of: Directory, id: string, holds: Condition): Outcome<true>;
  listGroups(of: Directory, filter: string | undefined, page: Page): Outcome<{ readonly total: number; readonly groups: readonly GroupView[] }>;
  getGroup(of: Directory, id: string): Outcome<GroupView>;
  createGroup(of: Directory, body: unknown): Outcome<GroupView>;
  changeGroup(of: Directory, id: string, change: Change, holds: Condition): Outcome<GroupView>;
  deleteGroup(of: Directory, id: string, holds: Condition): Outcome<true>;
}

const NOT_FOUND: ScimProblem = { status: 404, detail: 'This connection keeps nothing with that id.' };
const OTHER_VERSION: ScimProblem = { status: 412, detail: 'It was changed meanwhile. Read it again.' };
const taken = (detail: string): ScimProblem => ({ status: 409, scimType: 'uniqueness', detail });
const NAME_TAKEN = taken('Another user of this connection has this userName.');
const ADDRESS_TAKEN = taken('The address belongs to an account that this connection may not change.');
const LAST_ADMINISTRATOR: ScimProblem = { status: 403, detail: 'This is the last administrator of the register, who cannot be deactivated.' };

class Undone extends Error {
  readonly problem: ScimProblem;
  constructor(problem: ScimProblem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function createScim({ parts, db }: { readonly parts: Parts; readonly db: ConnectionDb }): Scim {
  const { clock, forget } = parts;

  /** One change at a time; what it touched is forgotten once it stands. A problem undoes all of it. */
  const change = async <T>(work: (tx: ConnectionDb, at: Instant, touched: Set<string>) => Promise<T>): Outcome<T> => {
    const touched = new Set<string>();
    try {
      const done = await db.transaction().execute(async (tx) => {
        await lockForest(asIdentity(tx));
        return work(tx, clock.now(), touched);
      });
      for (const personId of touched) forget(personId);
      return yes(done);
    } catch (error) {
      if (error instanceof Undone) return no(error.problem);
      throw error;
    }
  };
  const viewUser = async (tx: ConnectionDb, { connection }: Directory, id: string): Promise<UserView> => {
    const user = await getUser(tx, connection.id, id);
    if (user === undefined) throw new Undone(NOT_FOUND);
    return { user, groups: (await groupsOf(tx, connection.id, [id])).get(id) ?? [] };
  };
  const viewGroup = async (tx: ConnectionDb, { connection }: Directory, id: string): Promise<GroupView> => {
    const group = await getGroup(tx, connection.id, id);
    if (group === undefined) throw new Undone(NOT_FOUND);
    return { group, members: await membersOf(tx, id) };
  };
  const looked = async <T>(work: () => Promise<T>): Outcome<T> => {
    try {
      return yes(await work());
    } catch (error) {
      if (error instanceof Undone) return no(error.problem);
      throw error;
    }
  };

  return {
    listUsers: async (of, text, page) => {
      const filter = readFilter(text, ['userName', 'externalId', 'emails', 'id']);
      if (!filter.ok) return filter;
      const { total, users } = await listUsers(db, of.connection.id, filter.value, page);
      const groups = await groupsOf(db, of.connection.id, users.map(({ id }) => id));
      return yes({ total, users: users.map((user) => ({ user, groups: groups.get(user.id) ?? [] })) });
    },
    getUser: async (of, id) => looked(async () => viewUser(db, of, id)),
    createUser: async (of, body) => {
      const draft = readUser(body);
      if (!draft.ok) return draft;
      return change(async (tx, at, touched) => {
        const id = await bringIn(tx, of, draft.value, at);
        touched.add(id);
        return viewUser(tx, of, id);
      });
    },
    changeUser: async (of, id, how, holds) =>
      change(async (tx, at, touched) => {
        const { user } = await viewUser(tx, of, id);
        if (!holds(user.version)) throw new Undone(OTHER_VERSION);
        const draft = 'put' in how ? readUser(how.put) : patchUser(draftOf(user), how.patch);
        if (!draft.ok) throw new Undone(draft.refusal);
        await saveUser(tx, of, user, draft.value, at);
        touched.add(id);
        return viewUser(tx, of, id);
      }),
    deleteUser: async (of, id, holds) =>
      change(async (tx, at, touched) => {
        const { user } = await viewUser(tx, of, id);
        if (!holds(user.version)) throw new Undone(OTHER_VERSION);
        const closed = user.active ? await deactivate(tx, of, id, at) : user.closedHere;
        await removeUser(tx, of.connection.id, id, closed, at);
        touched.add(id);
        return true as const;
      }),
    listGroups: async (of, text, page) => {
      const filter = readFilter(text, ['displayName', 'externalId', 'id']);
      if (!filter.ok) return filter;
      const { total, groups } = await listGroups(db, of.connection.id, filter.value, page);
      const views: GroupView[] = [];
      for (const group of groups) views.push({ group, members: await membersOf(db, group.id) });
      return yes({ total, groups: views });
    },
    getGroup: async (of, id) => looked(async () => viewGroup(db, of, id)),
    createGroup: async (of, body) => {
      const draft = readGroup(body);
      if (!draft.ok) return draft;
      return change(async (tx, at, touched) => viewGroup(tx, of, await saveGroup(tx, of, undefined, draft.value, at, touched)));
    },
    changeGroup: async (of, id, how, holds) =>
      change(async (tx, at, touched) => {
        const view = await viewGroup(tx, of, id);
        if (!holds(view.group.version)) throw new Undone(OTHER_VERSION);
        const draft = 'put' in how ? readGroup(how.put) : patchGroup({ displayName: view.group.name, externalId: view.group.externalId, members: new Set(view.members.map((one) => one.id)) }, how.patch);
        if (!draft.ok) throw new Undone(draft.refusal);
        await saveGroup(tx, of, view, draft.value, at, touched);
        return viewGroup(tx, of, id);
      }),
    deleteGroup: async (of, id, holds) =>
      change(async (tx, at, touched) => {
        const { group, members } = await viewGroup(tx, of, id);
        if (!holds(group.version)) throw new Undone(OTHER_VERSION);
        await removeGroup(tx, of.connection.id, id);
        await keepRolesOf(tx, of, members.map((one) => one.id), at, touched);
        return true as const;
      }),
  };
}

function namesOf({ formatted, givenName, familyName, displayName }: UserDraft): ScimNames {
  return { ...(formatted === undefined ? {} : { formatted }), ...(givenName === undefined ? {} : { givenName }), ...(familyName === undefined ? {} : { familyName }), ...(displayName === undefined ? {} : { displayName }) };
}

function draftOf({ userName, externalId, active, names, email }: ScimUser): UserDraft {
  // An address that was only the name of the account follows it when that changes.
  return { userName, externalId, active, formatted: names.formatted, givenName: names.givenName, familyName: names.familyName, displayName: names.displayName, email: email === userName.toLowerCase() ? undefined : email };
}

function checkAddress(email: string, { connection }: Directory): void {
  if (isOfDomains(email, connection.domains) && email.length <= 320) return;
  throw new Undone({ status: 400, scimType: 'invalidValue', detail: `The address of a user (emails, else userName) is of one of the domains of this connection: ${connection.domains.join(', ')}.` });
}

/** Makes the person, or takes up one whom the connection may speak for. */
async function bringIn(tx: ConnectionDb, of: Directory, draft: UserDraft, at: Instant): Promise<string> {
  const { connection, organisation } = of;
  const email = emailOfDraft(draft);
  checkAddress(email, of);
  if ((await findUserByName(tx, connection.id, draft.userName)) !== undefined) throw new Undone(NAME_TAKEN);
  const there = await getPersonByEmail(asIdentity(tx), email);
  const removed = there === undefined ? undefined : await removedUser(tx, connection.id, there.id);
  if (there !== undefined) {
    if ((await getUser(tx, connection.id, there.id)) !== undefined) throw new Undone(NAME_TAKEN);
    if ((await distanceTo(tx, there.id, organisation, at)) === 'elsewhere') throw new Undone(ADDRESS_TAKEN);
    // One whom an administrator closed is opened by administrators.
    if (there.closedAt !== undefined && removed?.closedHere !== true) throw new Undone(ADDRESS_TAKEN);
  }
  const id = there?.id ?? (await createPerson(asIdentity(tx), { name: nameOfDraft(draft), email, language: undefined, at }));
  if (id === undefined) throw new Undone(ADDRESS_TAKEN);
  await putUser(tx, connection.id, id, { userName: draft.userName, externalId: draft.externalId, names: namesOf(draft), active: draft.active, closedHere: false }, at);
  if (there !== undefined) await changePerson(asIdentity(tx), id, { name: nameOfDraft(draft), ...(draft.active && there.closedAt !== undefined ? { closedAt: null } : {}) }, at);
  if (draft.active) await keepRolesOf(tx, of, [id], at, new Set());
  else await putUser(tx, connection.id, id, { userName: draft.userName, externalId: draft.externalId, names: namesOf(draft), active: false, closedHere: await deactivate(tx, of, id, at) }, at);
  return id;
}

async function saveUser(tx: ConnectionDb, of: Directory, user: ScimUser, draft: UserDraft, at: Instant): Promise<void> {
  const { connection, organisation } = of;
  const named = await findUserByName(tx, connection.id, draft.userName);
  if (named !== undefined && named !== user.id) throw new Undone(NAME_TAKEN);
  const isOurs = (await distanceTo(tx, user.id, organisation, at)) !== 'elsewhere';
  const email = emailOfDraft(draft);
  if (email !== user.email) {
    checkAddress(email, of);
    // By the address an account is recovered: the directory moves it only for people who are nobody else's, and never for administrators.
    if (!isOurs || (await isAdministrator(tx, user.id, at))) throw new Undone(ADDRESS_TAKEN);
    if (!(await changePerson(asIdentity(tx), user.id, { email }, at))) throw new Undone(ADDRESS_TAKEN);
    await endTokens(asIdentity(tx), user.id);
  }
  if (isOurs) await changePerson(asIdentity(tx), user.id, { name: nameOfDraft(draft) }, at);
  let { closedHere } = user;
  if (user.active && !draft.active) closedHere = await deactivate(tx, of, user.id, at);
  if (!user.active && draft.active && user.closedHere) {
    await changePerson(asIdentity(tx), user.id, { closedAt: null }, at);
    closedHere = false;
  }
  await putUser(tx, connection.id, user.id, { userName: draft.userName, externalId: draft.externalId, names: namesOf(draft), active: draft.active, closedHere }, at);
  if (draft.active) await keepRolesOf(tx, of, [user.id], at, new Set());
}

async function isAdministrator(tx: ConnectionDb, personId: string, at: Instant): Promise<boolean> {
  return (await currentMemberships(tx, personId, at)).some(({ role }) => role === 'administrator');
}

/** Ends sessions and open links, and every role in the organisation and below it; closes the account when none is left elsewhere. Answers whether it was closed by this. */
async function deactivate(tx: ConnectionDb, { connection, organisation }: Directory, personId: string, at: Instant): Promise<boolean> {
  const memberships = await currentMemberships(tx, personId, at);
  const inside = memberships.filter(({ path }) => path.includes(organisation.id));
  if (inside.some(({ role }) => role === 'administrator') && (await otherAdministrators(asIdentity(tx), { personId })) === 0) throw new Undone(LAST_ADMINISTRATOR);
  for (const one of inside) await endMembership(asIdentity(tx), one.id, at, connectionActor(connection.id));
  await endSessions(asIdentity(tx), personId);
  await endTokens(asIdentity(tx), personId);
  const person = await getPerson(asIdentity(tx), personId);
  if (inside.length < memberships.length || person === undefined || person.closedAt !== undefined) return false;
  await changePerson(asIdentity(tx), personId, { closedAt: at }, at);
  return true;
}

async function saveGroup(tx: ConnectionDb, of: Directory, before: GroupView | undefined, draft: GroupDraft, at: Instant, touched: Set<string>): Promise<string> {
  const { connection } = of;
  const id = await putGroup(tx, connection.id, before?.group.id, { name: draft.displayName, externalId: draft.externalId }, at);
  if (id === undefined) throw new Undone(taken('Another group of this connection has this displayName.'));
  if (!(await setMembers(tx, connection.id, id, [...draft.members]))) throw new Undone({ status: 400, scimType: 'invalidValue', detail: 'A member is no user whom this connection keeps.' });
  const were = before?.members.map((one) => one.id) ?? [];
  const renamed = before === undefined || before.group.name !== draft.displayName || before.group.externalId !== draft.externalId;
  // Whose groups did not change keeps the same roles.
  const changed = renamed ? [...were, ...draft.members] : [...were.filter((one) => !draft.members.has(one)), ...[...draft.members].filter((one) => !were.includes(one))];
  await keepRolesOf(tx, of, changed, at, touched);
  return id;
}

/** Roles of people as their groups tell them now. Who is not active has none. */
async function keepRolesOf(tx: ConnectionDb, { connection, organisation }: Directory, personIds: readonly string[], at: Instant, touched: Set<string>): Promise<void> {
  const ids = [...new Set(personIds)];
  const groups = await groupsOf(tx, connection.id, ids);
  for (const id of ids) {
    const user = await getUser(tx, connection.id, id);
    const person = await getPerson(asIdentity(tx), id);
    if (user?.active !== true || person === undefined || person.closedAt !== undefined) continue;
    const told = (groups.get(id) ?? []).flatMap(({ name, externalId }) => [name, ...(externalId === undefined ? [] : [externalId])]);
    if (await keepRoles(tx, id, told, connection, organisation, at)) touched.add(id);
  }
}
