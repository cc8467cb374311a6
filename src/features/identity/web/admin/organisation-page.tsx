/** The page of one organisation: what it is, who works in it, what lies below it, and every form that changes it. */

import type { VNode } from 'preact';
import { LANGUAGES } from '../../../../base/index.ts';
import { Breadcrumbs, Button, Details, EmptyState, ErrorSummary, Notice, PageHeading, Section, Select, SummaryList, Table, TextInput } from '../../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../../platform/html/index.ts';
import { formatDate } from '../../../../platform/text/index.ts';
import { type Names, REASON_CHARACTERS_MAX } from '../../actions/administration.ts';
import { EMAIL_CHARACTERS_MAX, type Organisation, type OrganisationKind, PEOPLE_PAGE_MAX, type Role } from '../../model.ts';
import type { Act, OrganisationCounted } from '../../store/administration.ts';
import type { Invitation } from '../../store/invitations.ts';
import type { MembershipRow } from '../../store/organisations.ts';
import { ssoText } from '../../text/sso/index.ts';
import { adminText } from '../../text/admin/index.ts';
import { identityText } from '../../text/index.ts';
import { BLANK, errorOf, type FormState } from '../layout.tsx';
import { CreateForm, NameFields } from './organisations-page.tsx';
import { ActForm, Acts, AdminTabs, kindLabel, roleLabel, Said, ShortTable, StateTag, When } from './parts.tsx';

/** A body of the register that stands for the organisation. */
export interface LinkedBody {
  readonly id: string;
  readonly name: string;
  readonly entries: number;
  readonly href: string;
}

export type FormName = 'create' | 'name' | 'place' | 'close' | 'invite' | 'grant' | `end-${string}`;

export interface OrganisationView {
  readonly organisation: Organisation;
  readonly path: readonly OrganisationCounted[];
  readonly parts: readonly OrganisationCounted[];
  readonly members: readonly MembershipRow[];
  readonly invitations: readonly Invitation[];
  readonly bodies: readonly LinkedBody[];
  readonly acts: readonly Act[];
  readonly names: Names;
  readonly now: string;
  /** Roles that the reader may give and take here. */
  readonly roles: readonly Role[];
  /** People who could be given a role without an invitation. */
  readonly candidates: readonly { readonly id: string; readonly name: string }[];
  /** Where it could move to; undefined when the reader may not move it. */
  readonly places: readonly OrganisationCounted[] | undefined;
  readonly kinds: readonly OrganisationKind[];
  readonly can: { readonly create: boolean; readonly change: boolean; readonly close: boolean; readonly moveToTop: boolean; readonly invite: boolean; readonly grant: boolean; readonly seeInvitations: boolean };
  readonly form?: { readonly name: FormName; readonly state: FormState } | undefined;
  readonly said: string | undefined;
}

export function organisationPage(frame: PageContext, view: OrganisationView): Page {
  const { language } = frame;
  const t = adminText.in(language);
  const { organisation, can } = view;
  const href = `/identity/organisations/${organisation.id}`;
  const isOpen = organisation.closedAt === undefined;
  const others = LANGUAGES.filter((one) => one !== language);
  return {
    title: organisation.names[language],
    wide: true,
    body: (
      <>
        <ErrorSummary errors={view.form?.state.errors ?? []} />
        <AdminTabs frame={frame} current="/identity/organisations" />
        <Breadcrumbs items={[{ label: t('organisations.title'), href: '/identity/organisations' }, ...view.path.map((one) => ({ label: one.names[language], href: `/identity/organisations/${one.id}` })), { label: organisation.names[language] }]} />
        <PageHeading caption={kindLabel(organisation.kind, language)} title={organisation.names[language]} tags={isOpen ? undefined : <StateTag tone="neutral">{t('state.closed')}</StateTag>} actions={isOpen && frame.may('organisation.connect') ? <a href={`${href}/connections`}>{ssoText.in(language)('list.title')}</a> : undefined} />
        <Said said={view.said} language={language} />
        <SummaryList
          rows={[
            ...others.map((one) => ({ label: t(`field.name-${one}`), value: <span lang={one}>{organisation.names[one]}</span> })),
            { label: t('field.created'), value: formatDate(organisation.createdAt, language) },
            ...(organisation.closedAt === undefined ? [] : [{ label: t('field.closed'), value: formatDate(organisation.closedAt, language) }]),
          ]}
        />
        <Members frame={frame} view={view} />
        {can.seeInvitations ? <Invitations frame={frame} view={view} /> : null}
        <Parts frame={frame} view={view} />
        <Bodies frame={frame} view={view} />
        {can.change ? (
          <Section title={t('change.title')} id="change">
            <div class="no-print">
              {isOpen ? <ChangeForms frame={frame} view={view} href={href} /> : can.close ? <ActForm action={`${href}/reopen`} label={t('reopen.button')} language={language} /> : null}
            </div>
          </Section>
        ) : null}
        <Section title={t('acts.title')} id="acts" lead={t('acts.lead')}>
          <Acts frame={frame} acts={view.acts} names={view.names} />
        </Section>
      </>
    ),
  };
}

interface Shown {
  readonly frame: PageContext;
  readonly view: OrganisationView;
}

function stateOf(view: OrganisationView, name: FormName): FormState {
  return view.form?.name === name ? view.form.state : BLANK;
}

function Members({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const { members, can, roles, organisation } = view;
  const isOpen = organisation.closedAt === undefined;
  return (
    <Section title={t('members.title')} id="members" lead={t('members.lead')}>
      {members.length === 0 ? (
        <EmptyState title={t('members.none')} level={3}>{t('members.none-body')}</EmptyState>
      ) : (
        <Table
          caption={t('members.title')}
          captionHidden
          phone="stack"
          rows={members}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', head: t('field.person'), rowHead: true, cell: (one) => (frame.may('person.see') ? <a href={`/identity/people/${one.personId}`}>{one.personName}</a> : one.personName) },
            { key: 'email', head: t('field.email'), cell: (one) => one.email },
            { key: 'role', head: t('field.role'), cell: (one) => roleLabel(one.role, language) },
            { key: 'since', head: t('field.since'), cell: (one) => <When at={one.fromAt} language={language} /> },
            { key: 'until', head: t('field.until'), cell: (one) => (one.untilAt === undefined ? t('members.no-end') : <When at={one.untilAt} language={language} />) },
            ...(can.grant
              ? [{
                  key: 'end',
                  head: t('field.act'),
                  cell: (one: MembershipRow) =>
                    roles.includes(one.role) ? (
                      <ActForm action={`/identity/memberships/${one.id}/end`} label={t('members.end')} about={`${one.personName}, ${roleLabel(one.role, language)}`} tone="danger" reason={`reason-${one.id}`} language={language} {...(view.form?.name === `end-${one.id}` ? { form: view.form.state } : {})} />
                    ) : null,
                }]
              : []),
          ]}
        />
      )}
      {members.length >= PEOPLE_PAGE_MAX ? <p class="muted">{t('members.cut', { max: PEOPLE_PAGE_MAX })}</p> : null}
      {can.grant && isOpen && view.candidates.length > 0 ? <GrantForm frame={frame} view={view} /> : null}
    </Section>
  );
}

function GrantForm({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const form = stateOf(view, 'grant');
  return (
    <div class="no-print">
      <Details summary={t('grant.title')} open={form.errors.length > 0}>
        <form method="post" action={`/identity/organisations/${view.organisation.id}/members`} novalidate>
          <Select name="grant-person" label={t('field.person')} hint={t('grant.hint')} options={view.candidates.map(({ id, name }) => ({ value: id, label: name }))} value={form.values['grant-person']} error={errorOf(form, 'grant-person')} />
          <RoleField name="grant-role" frame={frame} view={view} form={form} />
          <Button>{t('grant.button')}</Button>
        </form>
      </Details>
    </div>
  );
}

function RoleField({ name, frame, view, form }: Shown & { readonly name: 'grant-role' | 'invite-role'; readonly form: FormState }): VNode {
  const t = adminText.in(frame.language);
  return <Select name={name} label={t('field.role')} options={view.roles.map((role) => ({ value: role, label: roleLabel(role, frame.language) }))} value={form.values[name] ?? (view.roles.includes('editor') ? 'editor' : undefined)} error={errorOf(form, name)} />;
}

const INVITATION_TONES = { open: 'info', accepted: 'success', expired: 'warning', withdrawn: 'neutral' } as const;
export type InvitationState = keyof typeof INVITATION_TONES;

export function invitationState(invitation: Invitation, now: string): InvitationState {
  if (invitation.acceptedAt !== undefined) return 'accepted';
  if (invitation.withdrawnAt !== undefined) return 'withdrawn';
  return invitation.expiresAt <= now ? 'expired' : 'open';
}

function Invitations({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const { can, invitations, now } = view;
  const form = stateOf(view, 'invite');
  return (
    <Section title={t('invitations.title')} id="invitations" lead={t('invitations.lead')}>
      <ShortTable
        caption={t('invitations.title')}
        none={t('invitations.none')}
        rows={invitations}
        columns={[
          { key: 'email', head: t('field.email'), rowHead: true, cell: (one) => one.email },
          { key: 'role', head: t('field.role'), cell: (one) => roleLabel(one.role, language) },
          { key: 'state', head: t('field.state'), cell: (one) => <StateTag tone={INVITATION_TONES[invitationState(one, now)]}>{t(`invitation.${invitationState(one, now)}`)}</StateTag> },
          { key: 'sent', head: t('field.sent'), cell: (one) => <When at={one.createdAt} language={language} /> },
          { key: 'until', head: t('field.until'), cell: (one) => <When at={one.acceptedAt ?? one.withdrawnAt ?? one.expiresAt} language={language} /> },
          ...(can.invite
            ? [{
                key: 'act',
                head: t('field.act'),
                cell: (one: Invitation) => {
                  const state = invitationState(one, now);
                  if (state === 'accepted' || !view.roles.includes(one.role)) return null;
                  return (
                    <div class="button-row">
                      {state === 'open' || state === 'expired' ? <ActForm action={`/identity/invitations/${one.id}/resend`} label={t('invitations.again')} about={one.email} language={language} /> : null}
                      {state === 'open' ? <ActForm action={`/identity/invitations/${one.id}/withdraw`} label={t('invitations.withdraw')} about={one.email} language={language} /> : null}
                    </div>
                  );
                },
              }]
            : []),
        ]}
      />
      {can.invite && view.organisation.closedAt === undefined ? (
        <div class="no-print">
          <Details summary={t('invite.title')} open={form.errors.length > 0 || (invitations.length === 0 && view.members.length === 0)}>
            <form method="post" action={`/identity/organisations/${view.organisation.id}/invitations`} novalidate>
              <TextInput name="invite-email" type="email" label={t('field.email')} hint={t('invite.hint')} value={form.values['invite-email']} inputMode="email" autocomplete="off" spellcheck={false} maxLength={EMAIL_CHARACTERS_MAX} required error={errorOf(form, 'invite-email')} />
              <RoleField name="invite-role" frame={frame} view={view} form={form} />
              <Select name="invite-language" label={t('field.language')} options={LANGUAGES.map((one) => ({ value: one, label: identityText.in(language)(`language.${one}`) }))} value={form.values['invite-language'] ?? language} />
              <Button>{t('invite.button')}</Button>
            </form>
          </Details>
        </div>
      ) : null}
    </Section>
  );
}

function Parts({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  return (
    <Section title={t('parts.title')} id="parts">
      <ShortTable
        caption={t('parts.title')}
        none={t('parts.none')}
        rows={view.parts}
        columns={[
          { key: 'name', head: t('field.name'), rowHead: true, cell: (one) => <a href={`/identity/organisations/${one.id}`}>{one.names[language]}</a> },
          { key: 'kind', head: t('field.kind'), cell: (one) => kindLabel(one.kind, language) },
          { key: 'people', head: t('field.people'), numeric: true, cell: (one) => one.people },
          { key: 'state', head: t('field.state'), cell: (one) => (one.closedAt === undefined ? t('state.open') : <StateTag tone="neutral">{t('state.closed')}</StateTag>) },
        ]}
      />
      {view.can.create && view.organisation.closedAt === undefined ? <CreateForm language={language} action={`/identity/organisations/${view.organisation.id}/parts`} form={stateOf(view, 'create')} kinds={view.kinds} /> : null}
    </Section>
  );
}

function Bodies({ frame, view }: Shown): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  return (
    <Section title={t('bodies.title')} id="bodies" lead={t('bodies.lead')}>
      <ShortTable
        caption={t('bodies.title')}
        none={t('bodies.none')}
        rows={view.bodies}
        columns={[
          { key: 'name', head: t('field.name'), rowHead: true, cell: (one) => <a href={one.href}>{one.name}</a> },
          { key: 'entries', head: t('field.entries'), numeric: true, cell: (one) => one.entries },
        ]}
      />
    </Section>
  );
}

function ChangeForms({ frame, view, href }: Shown & { readonly href: string }): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  const { organisation, can, places } = view;
  const rename = stateOf(view, 'name');
  const move = stateOf(view, 'place');
  const close = stateOf(view, 'close');
  const named: FormState = rename.errors.length > 0 ? rename : { errors: [], values: Object.fromEntries(LANGUAGES.map((one) => [`name-${one}`, organisation.names[one]])) };
  return (
    <>
      <Details summary={t('rename.title')} open={rename.errors.length > 0}>
        <form method="post" action={`${href}/name`} novalidate>
          <NameFields prefix="name" language={language} form={named} />
          <Button>{t('rename.button')}</Button>
        </form>
      </Details>
      {places === undefined ? null : (
        <Details summary={t('move.title')} open={move.errors.length > 0}>
          <form method="post" action={`${href}/place`} novalidate>
            <Select name="parent" label={t('move.to')} hint={t('move.hint')} {...(can.moveToTop ? { emptyLabel: t('place.top') } : {})} options={places.map((one) => ({ value: one.id, label: one.names[language] }))} value={move.values['parent'] ?? organisation.parentId ?? ''} error={errorOf(move, 'parent')} />
            <Button>{t('move.button')}</Button>
          </form>
        </Details>
      )}
      {can.close ? (
        <Details summary={t('close.title')} open={close.errors.length > 0}>
          <Notice tone="warning">{t('close.warning')}</Notice>
          <form method="post" action={`${href}/close`} novalidate>
            <TextInput name="close-reason" label={t('field.reason')} value={close.values['close-reason']} maxLength={REASON_CHARACTERS_MAX} required error={errorOf(close, 'close-reason')} />
            <Button tone="danger">{t('close.button')}</Button>
          </form>
        </Details>
      ) : null}
    </>
  );
}
