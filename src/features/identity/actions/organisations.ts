/** Organisations, roles in them, and invitations to both. Who may call what is decided by the policy of the route. */

import { hashPassword } from 'better-auth/crypto';
import { type Instant, type Language, type LocalisedText, no, type Verdict, yes } from '../../../base/index.ts';
import { REGULATOR_ROLES } from '../../../platform/auth/index.ts';
import {
  type IdentityRefusal,
  INVITATION_MS,
  INVITATIONS_SHOWN_MAX,
  MEMBERSHIPS_OF_PERSON_MAX,
  type Organisation,
  ORGANISATION_DEPTH_MAX,
  type OrganisationKind,
  ORGANISATIONS_MAX,
  type Origin,
  PEOPLE_PAGE_MAX,
  type Person,
  type Role,
} from '../model.ts';
import { passwordProblem } from '../rules/password.ts';
import { addInvitation, findInvitation, getInvitation, type Invitation, listInvitations, takeInvitation, withdrawInvitation } from '../store/invitations.ts';
import {
  addMembership,
  addOrganisation,
  countOrganisations,
  endMembership,
  getMembership,
  getOrganisation,
  hasOpenParts,
  listMemberships,
  listOrganisations,
  lockForest,
  markClosed,
  type MembershipRow,
  otherAdministrators,
  putBelow,
  renameOrganisation,
} from '../store/organisations.ts';
import { changePerson, createPerson, getPerson, getPersonByEmail, listPeople, type PeopleAsked } from '../store/people.ts';
import { createSession, endSessions } from '../store/sessions.ts';
import { endTokens } from '../store/tokens.ts';
import { letterOf } from './letters.ts';
import type { Parts } from './parts.ts';

type Outcome<T = true> = Promise<Verdict<T, IdentityRefusal>>;

export interface Organisations {
  createOrganisation(given: { readonly kind: OrganisationKind; readonly names: LocalisedText; readonly parentId?: string | undefined }): Outcome<string>;
  renameOrganisation(id: string, names: LocalisedText): Outcome;
  /** With everything below it; undefined makes it a root. Memberships follow the new path from the next request on. */
  moveOrganisation(id: string, parentId: string | undefined): Outcome;
  /** Roles in it count no more; refused while it has open parts. */
  closeOrganisation(id: string): Outcome;
  reopenOrganisation(id: string): Outcome;
  getOrganisation(id: string): Promise<Organisation | undefined>;
  /** The whole forest, or an organisation with its parts; parents first. */
  listOrganisations(below?: string): Promise<readonly Organisation[]>;
  grant(given: { readonly personId: string; readonly organisationId: string; readonly role: Role; readonly until?: Instant; readonly by: string }): Outcome;
  revoke(membershipId: string, by: string): Outcome;
  getMembership(id: string): Promise<{ readonly id: string; readonly personId: string; readonly organisationId: string; readonly role: Role } | undefined>;
  membershipsOf(personId: string): Promise<readonly MembershipRow[]>;
  membersOf(organisationId: string, limit?: number): Promise<readonly MembershipRow[]>;
  /** Sends the letter with the link; nobody but its reader sees the link. The answer does not tell whether the address has an account. */
  invite(given: { readonly organisationId: string; readonly role: Role; readonly email: string; readonly language: Language; readonly by: string }): Outcome<{ readonly id: string }>;
  /** A letter again, with a new link; the old one ends. */
  inviteAgain(invitationId: string, by: string): Outcome<{ readonly id: string }>;
  withdrawInvitation(id: string): Outcome;
  getInvitation(id: string): Promise<Invitation | undefined>;
  listInvitations(organisationId: string): Promise<readonly Invitation[]>;
  /** What an invitation is about, for the page that accepts it. */
  openInvitation(token: string): Outcome<{ readonly invitation: Invitation; readonly organisation: Organisation; readonly hasAccount: boolean }>;
  /** For somebody new: makes the person with the address of the invitation, and answers the token of a session. */
  joinAsNew(given: { readonly token: string; readonly name: string; readonly language: Language; readonly password: string; readonly origin: Origin }): Outcome<{ readonly token: string; readonly personId: string }>;
  /** For somebody who has an account with the address of the invitation and is signed in. */
  acceptInvitation(token: string, personId: string): Outcome;
  getPerson(id: string): Promise<Person | undefined>;
  listPeople(asked: PeopleAsked): Promise<readonly Person[]>;
  /** Ends every session at once. */
  revokeSessionsOf(personId: string): Promise<number>;
  /** Closes the account: no sign-in, no session, no key, no open link. Refused for the last administrator. */
  closePerson(personId: string): Outcome;
  reopenPerson(personId: string): Outcome;
}

/** A regulator keeps its own roles; other organisations never get them, so that nobody can appoint past the regulator. */
export function fitsKind(role: Role, kind: OrganisationKind): boolean {
  if (REGULATOR_ROLES.includes(role)) return kind === 'regulator';
  return kind !== 'regulator' || !['owner', 'editor', 'viewer'].includes(role);
}

export function createOrganisations(parts: Parts): Organisations {
  return { ...forest(parts), ...roles(parts), ...invitations(parts), ...people(parts) };
}

type Forest = Pick<Organisations, 'createOrganisation' | 'renameOrganisation' | 'moveOrganisation' | 'closeOrganisation' | 'reopenOrganisation' | 'getOrganisation' | 'listOrganisations'>;

function forest({ db, clock, forget }: Parts): Forest {
  /** A regulator below another body would be governed by it. */
  const mayStandBelow = (kind: OrganisationKind, parent: Organisation | undefined): boolean => kind !== 'regulator' || parent === undefined || parent.kind === 'regulator';
  return {
    createOrganisation: async ({ kind, names, parentId }) =>
      db.transaction().execute(async (tx): Outcome<string> => {
        await lockForest(tx);
        const parent = parentId === undefined ? undefined : await getOrganisation(tx, parentId);
        if (parentId !== undefined && parent === undefined) return no({ code: 'no-organisation' });
        if (parent?.closedAt !== undefined) return no({ code: 'organisation-closed' });
        if (!mayStandBelow(kind, parent)) return no({ code: 'organisation-cycle' });
        if ((parent?.path.length ?? 0) >= ORGANISATION_DEPTH_MAX) return no({ code: 'too-many', max: ORGANISATION_DEPTH_MAX });
        if ((await countOrganisations(tx)) >= ORGANISATIONS_MAX) return no({ code: 'too-many', max: ORGANISATIONS_MAX });
        const id = await addOrganisation(tx, { kind, names, parent, at: clock.now() });
        forget();
        return yes(id);
      }),
    renameOrganisation: async (id, names) => ((await renameOrganisation(db, id, names)) ? yes(true) : no({ code: 'no-organisation' })),
    moveOrganisation: async (id, parentId) => {
      const moved = await db.transaction().execute(async (tx): Outcome => {
        await lockForest(tx);
        const organisation = await getOrganisation(tx, id);
        const parent = parentId === undefined ? undefined : await getOrganisation(tx, parentId);
        if (organisation === undefined || (parentId !== undefined && parent === undefined)) return no({ code: 'no-organisation' });
        if (parent?.closedAt !== undefined) return no({ code: 'organisation-closed' });
        if (parent?.path.includes(id) === true || !mayStandBelow(organisation.kind, parent)) return no({ code: 'organisation-cycle' });
        const deepest = Math.max(...(await listOrganisations(tx, ORGANISATIONS_MAX, id)).map((one) => one.path.length));
        if ((parent?.path.length ?? 0) + deepest - organisation.path.length + 1 > ORGANISATION_DEPTH_MAX) return no({ code: 'too-many', max: ORGANISATION_DEPTH_MAX });
        await putBelow(tx, organisation, parent);
        return yes(true);
      });
      forget();
      return moved;
    },
    closeOrganisation: async (id) => {
      const closed = await db.transaction().execute(async (tx): Outcome => {
        await lockForest(tx);
        const organisation = await getOrganisation(tx, id);
        if (organisation === undefined) return no({ code: 'no-organisation' });
        if (organisation.closedAt !== undefined) return no({ code: 'organisation-closed' });
        if (await hasOpenParts(tx, id)) return no({ code: 'organisation-has-open-parts' });
        const at = clock.now();
        await markClosed(tx, id, at);
        if (organisation.kind === 'regulator' && (await otherAdministrators(tx, {})) === 0) {
          await markClosed(tx, id, null);
          return no({ code: 'last-administrator' });
        }
        return yes(true);
      });
      forget();
      return closed;
    },
    reopenOrganisation: async (id) => {
      const organisation = await getOrganisation(db, id);
      if (organisation === undefined) return no({ code: 'no-organisation' });
      await markClosed(db, id, null);
      forget();
      return yes(true);
    },
    getOrganisation: async (id) => getOrganisation(db, id),
    listOrganisations: async (below) => listOrganisations(db, ORGANISATIONS_MAX, below),
  };
}

type Roles = Pick<Organisations, 'grant' | 'revoke' | 'getMembership' | 'membershipsOf' | 'membersOf'>;

function roles({ db, clock, forget }: Parts): Roles {
  return {
    grant: async ({ personId, organisationId, role, until, by }) => {
      const organisation = await getOrganisation(db, organisationId);
      if (organisation === undefined) return no({ code: 'no-organisation' });
      if (organisation.closedAt !== undefined) return no({ code: 'organisation-closed' });
      if (!fitsKind(role, organisation.kind)) return no({ code: 'role-not-here' });
      if ((await getPerson(db, personId)) === undefined) return no({ code: 'no-person' });
      const added = await addMembership(db, { personId, organisationId, role, until, by, at: clock.now() });
      forget(personId);
      if (added === 'full') return no({ code: 'too-many', max: MEMBERSHIPS_OF_PERSON_MAX });
      return added === 'added' ? yes(true) : no({ code: 'already-member' });
    },
    revoke: async (membershipId, by) => {
      const ended = await db.transaction().execute(async (tx): Outcome<string> => {
        await lockForest(tx);
        const at = clock.now();
        const membership = await getMembership(tx, membershipId, at);
        if (membership === undefined) return no({ code: 'not-a-member' });
        if (membership.role === 'administrator' && (await otherAdministrators(tx, { membershipId })) === 0) return no({ code: 'last-administrator' });
        await endMembership(tx, membershipId, at, by);
        return yes(membership.personId);
      });
      if (!ended.ok) return ended;
      forget(ended.value);
      return yes(true);
    },
    getMembership: async (id) => getMembership(db, id, clock.now()),
    membershipsOf: async (personId) => listMemberships(db, { personId }, clock.now(), MEMBERSHIPS_OF_PERSON_MAX),
    membersOf: async (organisationId, limit = PEOPLE_PAGE_MAX) => listMemberships(db, { organisationId }, clock.now(), limit),
  };
}

type Invitations = Pick<Organisations, 'invite' | 'inviteAgain' | 'withdrawInvitation' | 'getInvitation' | 'listInvitations' | 'openInvitation' | 'joinAsNew' | 'acceptInvitation'>;

function invitations(parts: Parts): Invitations {
  const { db, clock, origin, letters, platformName, forget } = parts;

  const invite: Invitations['invite'] = async ({ organisationId, role, email, language, by }) => {
    const organisation = await getOrganisation(db, organisationId);
    if (organisation === undefined) return no({ code: 'no-organisation' });
    if (organisation.closedAt !== undefined) return no({ code: 'organisation-closed' });
    if (!fitsKind(role, organisation.kind)) return no({ code: 'role-not-here' });
    const { id, token } = await addInvitation(db, { organisationId, role, email, language, by, at: clock.now(), lifeMs: INVITATION_MS });
    await letters.send(letterOf(parts, { kind: 'invitation', to: email, language, url: `${origin()}/identity/join/${token}`, values: { organisation: organisation.names[language] }, role }));
    return yes({ id });
  };

  const open = async (token: string): Outcome<{ readonly invitation: Invitation; readonly organisation: Organisation }> => {
    const invitation = await findInvitation(db, token, clock.now());
    const organisation = invitation === undefined ? undefined : await getOrganisation(db, invitation.organisationId);
    if (invitation === undefined || organisation === undefined || organisation.closedAt !== undefined) return no({ code: 'link-not-valid' });
    return yes({ invitation, organisation });
  };

  const accept = async (tx: Parts['db'], invitation: Invitation, personId: string): Outcome => {
    const at = clock.now();
    if (!(await takeInvitation(tx, invitation.id, personId, at))) return no({ code: 'link-not-valid' });
    const added = await addMembership(tx, { personId, organisationId: invitation.organisationId, role: invitation.role, at, by: invitation.invitedBy });
    // Who holds the role already has what the invitation promised.
    return added === 'full' ? no({ code: 'too-many', max: MEMBERSHIPS_OF_PERSON_MAX }) : yes(true);
  };

  return {
    invite,
    inviteAgain: async (invitationId, by) => {
      const invitation = await getInvitation(db, invitationId);
      if (invitation === undefined || invitation.acceptedAt !== undefined) return no({ code: 'no-invitation' });
      return invite({ organisationId: invitation.organisationId, role: invitation.role, email: invitation.email, language: invitation.language, by });
    },
    withdrawInvitation: async (id) => ((await withdrawInvitation(db, id, clock.now())) ? yes(true) : no({ code: 'no-invitation' })),
    getInvitation: async (id) => getInvitation(db, id),
    listInvitations: async (organisationId) => listInvitations(db, organisationId, INVITATIONS_SHOWN_MAX),
    openInvitation: async (token) => {
      const opened = await open(token);
      if (!opened.ok) return opened;
      return yes({ ...opened.value, hasAccount: (await getPersonByEmail(db, opened.value.invitation.email)) !== undefined });
    },
    joinAsNew: async ({ token, name, language, password, origin: from }) => {
      const opened = await open(token);
      if (!opened.ok) return opened;
      const { invitation, organisation } = opened.value;
      const problem = passwordProblem(password, [name, invitation.email, platformName(language), ...Object.values(organisation.names)]);
      if (problem !== undefined) return no({ code: 'bad-password', problem });
      const hash = await hashPassword(password);
      return db.transaction().execute(async (tx): Outcome<{ readonly token: string; readonly personId: string }> => {
        const at = clock.now();
        const personId = await createPerson(tx, { name, email: invitation.email, language, password: hash, at });
        if (personId === undefined) return no({ code: 'address-taken' });
        const accepted = await accept(tx, invitation, personId);
        // A refusal after the person was made: the person must not stay.
        if (!accepted.ok) throw new NotAccepted(accepted.refusal);
        const session = await createSession(tx, { personId, method: 'password', origin: from, at });
        return yes({ token: session.token, personId });
      }).catch((error: unknown) => {
        if (error instanceof NotAccepted) return no(error.refusal);
        throw error;
      });
    },
    acceptInvitation: async (token, personId) => {
      const opened = await open(token);
      if (!opened.ok) return opened;
      const person = await getPerson(db, personId);
      if (person === undefined || person.email !== opened.value.invitation.email) return no({ code: 'link-not-valid' });
      const done = await db.transaction().execute(async (tx) => accept(tx, opened.value.invitation, personId));
      forget(personId);
      return done;
    },
  };
}

class NotAccepted extends Error {
  readonly refusal: IdentityRefusal;
  constructor(refusal: IdentityRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

type People = Pick<Organisations, 'getPerson' | 'listPeople' | 'revokeSessionsOf' | 'closePerson' | 'reopenPerson'>;

function people({ db, clock, forget }: Parts): People {
  return {
    getPerson: async (id) => getPerson(db, id),
    listPeople: async (asked) => listPeople(db, asked, clock.now()),
    revokeSessionsOf: async (personId) => {
      const ended = await endSessions(db, personId);
      forget(personId);
      return ended;
    },
    closePerson: async (personId) => {
      const closed = await db.transaction().execute(async (tx): Outcome => {
        await lockForest(tx);
        const at = clock.now();
        if ((await getPerson(tx, personId)) === undefined) return no({ code: 'no-person' });
        if ((await otherAdministrators(tx, { personId })) === 0) return no({ code: 'last-administrator' });
        await changePerson(tx, personId, { closedAt: at }, at);
        await endSessions(tx, personId);
        await endTokens(tx, personId);
        return yes(true);
      });
      forget(personId);
      return closed;
    },
    reopenPerson: async (personId) => {
      const done = await changePerson(db, personId, { closedAt: null }, clock.now());
      forget(personId);
      return done ? yes(true) : no({ code: 'no-person' });
    },
  };
}
