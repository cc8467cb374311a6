/** What administrators and owners do with organisations and people: each act within the reach of who asks, kept with its reason. */

import { no, type Language, type LocalisedText, type Verdict, yes } from '../../../base/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import { PEOPLE_PAGE_MAX, type Organisation, type OrganisationKind, type Person, type Role } from '../model.ts';
import { rolesToGive } from '../rules/appoint.ts';
import { type Act, type ActKind, actorsOf, countedOrganisations, keepAct, knownPeople, listActs, namesOfOrganisations, namesOfPeople, type OrganisationCounted, ownersOfKeys, type PeopleFilter, type PersonSeen, seePeople, seePerson, type Within } from '../store/administration.ts';
import type { Invitation } from '../store/invitations.ts';
import type { MembershipRow } from '../store/organisations.ts';
import type { AdminRefusal } from './admin-refusals.ts';
import type { Identity } from './open-identity.ts';

type Outcome<T = true> = Promise<Verdict<T, AdminRefusal>>;

/** Organisations that are put in order for one answer; a country has some hundreds. */
export const ORGANISATIONS_LISTED_MAX = 5_000;
export const ACTS_SHOWN_MAX = 50;
export const REASON_CHARACTERS_MAX = 1_000;

export interface Administration {
  /** What the scope reaches, wholes before parts; at most ORGANISATIONS_LISTED_MAX and one more. */
  organisations(scope: Scope): Promise<readonly OrganisationCounted[]>;
  /** Undefined outside the reach, as if it did not exist. */
  organisation(scope: Scope, id: string): Promise<Organisation | undefined>;
  members(scope: Scope, id: string): Promise<readonly MembershipRow[]>;
  invitations(scope: Scope, id: string): Promise<readonly Invitation[]>;
  organisationActs(scope: Scope, id: string): Promise<readonly Act[]>;
  create(scope: Scope, given: { readonly parentId: string | undefined; readonly kind: OrganisationKind; readonly names: LocalisedText }): Outcome<string>;
  /** The register is not told: an entry bears the name it was written under. New ones are offered the new name. */
  rename(scope: Scope, id: string, names: LocalisedText): Outcome;
  /** Undefined makes it a root, which is for administrators. */
  move(scope: Scope, id: string, parentId: string | undefined): Outcome;
  close(scope: Scope, id: string, reason: string): Outcome;
  reopen(scope: Scope, id: string): Outcome;
  invite(scope: Scope, given: { readonly organisationId: string; readonly email: string; readonly role: Role; readonly language: Language }): Outcome<string>;
  invitation(scope: Scope, id: string): Promise<Invitation | undefined>;
  inviteAgain(scope: Scope, id: string): Outcome<string>;
  withdraw(scope: Scope, id: string): Outcome;
  /** To a person who is known: for owners, somebody with a role in their reach. Others are invited. */
  grant(scope: Scope, given: { readonly organisationId: string; readonly personId: string; readonly role: Role }): Outcome;
  /** People who could be given a role in the organisation without an invitation: they hold one in the reach of who asks. */
  candidates(scope: Scope, organisationId: string, limit: number): Promise<readonly { readonly id: string; readonly name: string }[]>;
  membership(scope: Scope, id: string): Promise<{ readonly id: string; readonly personId: string; readonly organisationId: string; readonly role: Role } | undefined>;
  revoke(scope: Scope, membershipId: string, reason: string): Outcome;
  people(filter: PeopleFilter): Promise<readonly PersonSeen[]>;
  person(id: string): Promise<PersonSeen | undefined>;
  personActs(id: string): Promise<readonly Act[]>;
  /** No sign-in, no session, no key, no open link until it is taken back. */
  lock(scope: Scope, id: string, reason: string): Outcome;
  unlock(scope: Scope, id: string, reason: string): Outcome;
  endSessions(scope: Scope, id: string, only?: string): Outcome<number>;
  /** Sends the person a link to choose a new password; nobody else sees it. */
  sendRecovery(scope: Scope, id: string): Outcome;
  /** Takes every second factor away; the person sets one up at the next sign-in, before any role counts that needs one. */
  removeFactors(scope: Scope, id: string, reason: string): Outcome;
  /** Names of people, organisations and keys by id, each kind in one query. */
  names(ids: { readonly people?: readonly string[]; readonly organisations?: readonly string[]; readonly keys?: readonly string[] }): Promise<Names>;
  actorsOf(personId: string): Promise<readonly string[]>;
}

export interface Names {
  readonly people: ReadonlyMap<string, string>;
  readonly organisations: ReadonlyMap<string, LocalisedText>;
  readonly keys: ReadonlyMap<string, { readonly personId: string; readonly personName: string; readonly keyName: string }>;
}

export function withinOf(scope: Scope): Within {
  return scope.reach === 'all' ? 'all' : scope.organisations;
}

function reaches(scope: Scope, id: string | undefined): boolean {
  return scope.reach === 'all' || (id !== undefined && scope.organisations.includes(id));
}

type Keep = (scope: Scope, kind: ActKind, about: { readonly organisationId?: string | undefined; readonly personId?: string | undefined; readonly detail?: Act['detail']; readonly reason?: string }) => Promise<void>;

export function createAdministration(identity: Identity): Administration {
  const { db, clock } = identity.parts;
  const keep: Keep = async (scope, kind, { organisationId, personId, detail = {}, reason }) =>
    keepAct(db, { at: clock.now(), actor: scope.actor, kind, organisationId, personId, detail, reason: reason === undefined || reason.trim() === '' ? undefined : reason.trim() });
  const organisation = async (scope: Scope, id: string): Promise<Organisation | undefined> => (reaches(scope, id) ? identity.organisations.getOrganisation(id) : undefined);
  return {
    ...forest(identity, organisation, keep),
    ...appointments(identity, organisation, keep),
    ...accounts(identity, keep),
    organisations: async (scope) => countedOrganisations(db, withinOf(scope), clock.now(), ORGANISATIONS_LISTED_MAX + 1),
    organisation,
    members: async (scope, id) => (reaches(scope, id) ? identity.organisations.membersOf(id, PEOPLE_PAGE_MAX) : []),
    invitations: async (scope, id) => (reaches(scope, id) ? identity.organisations.listInvitations(id) : []),
    organisationActs: async (scope, id) => (reaches(scope, id) ? listActs(db, { organisationId: id }, ACTS_SHOWN_MAX) : []),
    candidates: async (scope, id, limit) => (reaches(scope, id) ? knownPeople(db, withinOf(scope), clock.now(), limit) : []),
    names: async ({ people = [], organisations = [], keys = [] }) => ({ people: await namesOfPeople(db, people), organisations: await namesOfOrganisations(db, organisations), keys: await ownersOfKeys(db, keys) }),
    actorsOf: async (personId) => actorsOf(db, personId),
  };
}

type Find = Administration['organisation'];
type Forest = Pick<Administration, 'create' | 'rename' | 'move' | 'close' | 'reopen'>;

function forest({ organisations }: Identity, find: Find, keep: Keep): Forest {
  return {
    create: async (scope, { parentId, kind, names }) => {
      if (scope.reach !== 'all' && parentId === undefined) return no({ code: 'only-administrator' });
      if (parentId !== undefined && (await find(scope, parentId)) === undefined) return no({ code: 'no-organisation' });
      const made = await organisations.createOrganisation({ kind, names, parentId });
      if (!made.ok) return made;
      await keep(scope, 'organisation-created', { organisationId: made.value, detail: parentId === undefined ? {} : { parent: parentId } });
      return made;
    },
    rename: async (scope, id, names) => {
      const before = await find(scope, id);
      if (before === undefined) return no({ code: 'no-organisation' });
      const done = await organisations.renameOrganisation(id, names);
      if (!done.ok) return done;
      await keep(scope, 'organisation-renamed', { organisationId: id, detail: { ...before.names } });
      return done;
    },
    move: async (scope, id, parentId) => {
      const organisation = await find(scope, id);
      if (organisation === undefined || (parentId !== undefined && (await find(scope, parentId)) === undefined)) return no({ code: 'no-organisation' });
      // An owner arranges what lies below; where the whole stands is for those above it.
      if (scope.reach !== 'all' && (parentId === undefined || !reaches(scope, organisation.parentId))) return no({ code: 'only-administrator' });
      const done = await organisations.moveOrganisation(id, parentId);
      if (done.ok) await keep(scope, 'organisation-moved', { organisationId: id, detail: { ...(organisation.parentId === undefined ? {} : { from: organisation.parentId }), ...(parentId === undefined ? {} : { to: parentId }) } });
      return done;
    },
    close: async (scope, id, reason) => {
      const organisation = await find(scope, id);
      if (organisation === undefined) return no({ code: 'no-organisation' });
      if (scope.reach !== 'all' && !reaches(scope, organisation.parentId)) return no({ code: 'only-administrator' });
      const done = await organisations.closeOrganisation(id);
      if (done.ok) await keep(scope, 'organisation-closed', { organisationId: id, reason });
      return done;
    },
    reopen: async (scope, id) => {
      const organisation = await find(scope, id);
      if (organisation === undefined) return no({ code: 'no-organisation' });
      if (organisation.closedAt === undefined) return no({ code: 'not-closed' });
      if (scope.reach !== 'all' && !reaches(scope, organisation.parentId)) return no({ code: 'only-administrator' });
      if (organisation.parentId !== undefined && (await organisations.getOrganisation(organisation.parentId))?.closedAt !== undefined) return no({ code: 'organisation-closed' });
      const done = await organisations.reopenOrganisation(id);
      if (done.ok) await keep(scope, 'organisation-reopened', { organisationId: id });
      return done;
    },
  };
}

type Appointments = Pick<Administration, 'invite' | 'invitation' | 'inviteAgain' | 'withdraw' | 'grant' | 'membership' | 'revoke'>;

function appointments(identity: Identity, find: Find, keep: Keep): Appointments {
  const { organisations } = identity;
  const mayGive = (scope: Scope, role: Role, organisation: Organisation): boolean => rolesToGive(scope.reach === 'all' ? 'all' : 'own', organisation.kind).includes(role);
  /** Why a role cannot be given: it does not exist in such an organisation, or it is above who gives it. */
  const refusalOf = (scope: Scope, role: Role, organisation: Organisation): AdminRefusal | undefined =>
    mayGive(scope, role, organisation) ? undefined : rolesToGive('all', organisation.kind).includes(role) ? { code: 'role-not-yours' } : { code: 'role-not-here' };
  const isKnownTo = async (scope: Scope, personId: string): Promise<boolean> =>
    scope.reach === 'all' || (await organisations.membershipsOf(personId)).some(({ organisationId }) => reaches(scope, organisationId));

  const invitation = async (scope: Scope, id: string): Promise<Invitation | undefined> => {
    const found = await organisations.getInvitation(id);
    return found !== undefined && reaches(scope, found.organisationId) ? found : undefined;
  };
  const membership: Administration['membership'] = async (scope, id) => {
    const found = await organisations.getMembership(id);
    return found !== undefined && reaches(scope, found.organisationId) ? found : undefined;
  };

  return {
    invitation,
    membership,
    invite: async (scope, { organisationId, email, role, language }) => {
      const organisation = await find(scope, organisationId);
      if (organisation === undefined) return no({ code: 'no-organisation' });
      const refusal = refusalOf(scope, role, organisation);
      if (refusal !== undefined) return no(refusal);
      const done = await organisations.invite({ organisationId, role, email, language, by: scope.actor });
      if (!done.ok) return done;
      await keep(scope, 'invited', { organisationId, detail: { role, email: email.toLowerCase() } });
      return yes(done.value.id);
    },
    inviteAgain: async (scope, id) => {
      const found = await invitation(scope, id);
      const organisation = found === undefined ? undefined : await find(scope, found.organisationId);
      if (found === undefined || organisation === undefined) return no({ code: 'no-invitation' });
      const refusal = refusalOf(scope, found.role, organisation);
      if (refusal !== undefined) return no(refusal);
      const done = await organisations.inviteAgain(id, scope.actor);
      if (!done.ok) return done;
      await keep(scope, 'invited-again', { organisationId: organisation.id, detail: { role: found.role, email: found.email } });
      return yes(done.value.id);
    },
    withdraw: async (scope, id) => {
      const found = await invitation(scope, id);
      if (found === undefined) return no({ code: 'no-invitation' });
      const done = await organisations.withdrawInvitation(id);
      if (done.ok) await keep(scope, 'invitation-withdrawn', { organisationId: found.organisationId, detail: { role: found.role, email: found.email } });
      return done;
    },
    grant: async (scope, { organisationId, personId, role }) => {
      const organisation = await find(scope, organisationId);
      if (organisation === undefined) return no({ code: 'no-organisation' });
      const refusal = refusalOf(scope, role, organisation);
      if (refusal !== undefined) return no(refusal);
      if (!(await isKnownTo(scope, personId))) return no({ code: 'no-person' });
      const done = await organisations.grant({ personId, organisationId, role, by: scope.actor });
      if (done.ok) await keep(scope, 'role-granted', { organisationId, personId, detail: { role } });
      return done;
    },
    revoke: async (scope, membershipId, reason) => {
      const found = await membership(scope, membershipId);
      const organisation = found === undefined ? undefined : await find(scope, found.organisationId);
      if (found === undefined || organisation === undefined) return no({ code: 'not-a-member' });
      // What was given against today's table can still be taken by an administrator.
      if (scope.reach !== 'all' && !mayGive(scope, found.role, organisation)) return no({ code: 'role-not-yours' });
      const done = await organisations.revoke(membershipId, scope.actor);
      if (done.ok) await keep(scope, 'role-revoked', { organisationId: organisation.id, personId: found.personId, detail: { role: found.role }, reason });
      return done;
    },
  };
}

type Accounts = Pick<Administration, 'people' | 'person' | 'personActs' | 'lock' | 'unlock' | 'endSessions' | 'sendRecovery' | 'removeFactors'>;

function accounts({ organisations, account, factors, parts }: Identity, keep: Keep): Accounts {
  const { db, clock, idleMs } = parts;
  const idleSince = (): ReturnType<typeof clock.now> => new Date(Date.parse(clock.now()) - idleMs).toISOString() as ReturnType<typeof clock.now>;
  /** Nobody locks themselves out; whoever wants their own factor changed has a page for it. */
  const other = async (scope: Scope, id: string): Promise<Verdict<Person, AdminRefusal>> => {
    const person = await organisations.getPerson(id);
    if (person === undefined) return no({ code: 'no-person' });
    return scope.actor === `person:${id}` ? no({ code: 'own-account' }) : yes(person);
  };
  return {
    people: async (filter) => seePeople(db, filter, clock.now(), idleSince()),
    person: async (id) => seePerson(db, id, clock.now(), idleSince()),
    personActs: async (id) => listActs(db, { personId: id }, ACTS_SHOWN_MAX),
    lock: async (scope, id, reason) => {
      const found = await other(scope, id);
      if (!found.ok) return found;
      if (found.value.closedAt !== undefined) return no({ code: 'already-locked' });
      const done = await organisations.closePerson(id);
      if (done.ok) await keep(scope, 'locked', { personId: id, reason });
      return done;
    },
    unlock: async (scope, id, reason) => {
      const found = await other(scope, id);
      if (!found.ok) return found;
      if (found.value.closedAt === undefined) return no({ code: 'not-locked' });
      const done = await organisations.reopenPerson(id);
      if (done.ok) await keep(scope, 'unlocked', { personId: id, reason });
      return done;
    },
    endSessions: async (scope, id, only) => {
      if ((await organisations.getPerson(id)) === undefined) return no({ code: 'no-person' });
      if (only === undefined) {
        const ended = await organisations.revokeSessionsOf(id);
        await keep(scope, 'sessions-ended', { personId: id, detail: { count: String(ended) } });
        return yes(ended);
      }
      const done = await account.endSession(id, only);
      if (!done.ok) return done;
      await keep(scope, 'sessions-ended', { personId: id, detail: { count: '1' } });
      return yes(1);
    },
    sendRecovery: async (scope, id) => {
      const found = await other(scope, id);
      if (!found.ok) return found;
      if (found.value.closedAt !== undefined) return no({ code: 'already-locked' });
      const done = await account.startRecovery(id);
      if (done.ok) await keep(scope, 'recovery-sent', { personId: id });
      return done;
    },
    removeFactors: async (scope, id, reason) => {
      const found = await other(scope, id);
      if (!found.ok) return found;
      const state = await factors.state(id);
      if (!state.hasCode && state.passkeys.length === 0) return no({ code: 'no-second-factor' });
      await factors.removeAll(id);
      await keep(scope, 'factors-removed', { personId: id, reason });
      return yes(true);
    },
  };
}
