/** What the pages of administration share: their tabs, the names of people and acts, and small forms with one button. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../../base/index.ts';
import { compareText, formatTime } from '../../../../platform/text/index.ts';
import { Button, Notice, Table, type TableColumn, Tabs, Tag, TextInput } from '../../../../platform/html/components/index.ts';
import type { PageContext } from '../../../../platform/html/index.ts';
import { REASON_CHARACTERS_MAX, type Names } from '../../actions/administration.ts';
import type { Organisation, OrganisationKind, Role } from '../../model.ts';
import type { Act } from '../../store/administration.ts';
import { adminText } from '../../text/admin/index.ts';
import { identityText } from '../../text/index.ts';
import type { FormState } from '../layout.tsx';

const PLACES = [
  { href: '/identity/organisations', policy: 'organisation.see', label: 'tabs.organisations' },
  { href: '/identity/people', policy: 'person.see', label: 'tabs.people' },
  { href: '/identity/audit', policy: 'audit.see', label: 'tabs.audit' },
  { href: '/identity/policies', policy: 'audit.policies', label: 'tabs.policies' },
] as const;

/** Pages of administration that the reader may open. */
export function AdminTabs({ frame, current }: { readonly frame: PageContext; readonly current: (typeof PLACES)[number]['href'] }): VNode {
  const t = adminText.in(frame.language);
  return <Tabs label={t('tabs.label')} tabs={PLACES.filter(({ policy }) => frame.may(policy)).map(({ href, label }) => ({ href, label: t(label), current: href === current }))} />;
}

/** A table of a section that has the same heading, or a quiet sentence when there is nothing to list. */
export function ShortTable<Row extends { readonly id: string }>({ caption, none, rows, columns }: { readonly caption: string; readonly none: string; readonly rows: readonly Row[]; readonly columns: readonly TableColumn<Row>[] }): VNode {
  if (rows.length === 0) return <p class="muted">{none}</p>;
  return <Table caption={caption} captionHidden phone="stack" rows={rows} rowKey={({ id }) => id} columns={columns} />;
}

export function roleLabel(role: Role, language: Language): string {
  const label = identityText.in(language)(`role.${role}`);
  return label.charAt(0).toLocaleUpperCase(language) + label.slice(1);
}

export function kindLabel(kind: OrganisationKind, language: Language): string {
  return adminText.in(language)(`kind.${kind}`);
}

export function byName<O extends Pick<Organisation, 'id' | 'names'>>(language: Language): (a: O, b: O) => number {
  const compare = compareText(language);
  return (a, b) => compare(a.names[language], b.names[language]) || (a.id < b.id ? -1 : 1);
}

/** Address of a list with its filters; empty ones are left out. */
export function hrefOf(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const kept = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  return kept.length === 0 ? path : `${path}?${new URLSearchParams(kept).toString()}`;
}

export function When({ at, language }: { readonly at: string; readonly language: Language }): VNode {
  return <time dateTime={at}>{formatTime(at, language)}</time>;
}

/** Who acted, as people know them: a person, a person's key, the command line, the platform itself. */
export function actorLabel(actor: string, names: Names, language: Language): string {
  const t = adminText.in(language);
  const [kind, id = ''] = actor.split(':');
  if (kind === 'person') return names.people.get(id) ?? t('actor.gone');
  if (kind === 'key') {
    const key = names.keys.get(id);
    return key === undefined ? t('actor.gone') : t('actor.key', { name: key.personName, key: key.keyName });
  }
  if (kind === 'connection') return t('actor.connection');
  return kind === 'operator' ? t('actor.operator') : kind === 'system' ? t('actor.system') : t('actor.public');
}

/** One person, linked for those who may open people. */
export function Actor({ actor, names, frame }: { readonly actor: string; readonly names: Names; readonly frame: PageContext }): VNode {
  const label = actorLabel(actor, names, frame.language);
  const [kind, id = ''] = actor.split(':');
  const personId = kind === 'person' ? id : kind === 'key' ? names.keys.get(id)?.personId : undefined;
  return personId !== undefined && frame.may('person.see') && (names.people.has(personId) || kind === 'key') ? <a href={`/identity/people/${personId}`}>{label}</a> : <>{label}</>;
}

/** People and organisations named in acts, for one query of each. */
export function idsOfActs(acts: readonly Act[]): { readonly people: readonly string[]; readonly organisations: readonly string[]; readonly keys: readonly string[] } {
  const actors = acts.map(({ actor }) => actor.split(':'));
  const idsOf = (wanted: string): readonly string[] => actors.flatMap(([kind, id]) => (kind === wanted && id !== undefined ? [id] : []));
  return {
    people: [...idsOf('person'), ...acts.flatMap(({ personId }) => personId ?? [])],
    organisations: acts.flatMap(({ organisationId, detail }) => [organisationId, detail['from'], detail['to']].filter((id): id is string => id !== undefined)),
    keys: idsOf('key'),
  };
}

/** What was done, newest first, with reasons. */
export function Acts({ frame, acts, names }: { readonly frame: PageContext; readonly acts: readonly Act[]; readonly names: Names }): VNode {
  const { language } = frame;
  const t = adminText.in(language);
  if (acts.length === 0) return <p class="muted">{t('acts.none')}</p>;
  return (
    <ol class="identity-acts">
      {acts.map((act) => (
        <li key={act.id}>
          <p class="muted">
            <When at={act.at} language={language} />
            {' · '}
            <Actor actor={act.actor} names={names} frame={frame} />
          </p>
          <p>{sentenceOf(act, names, language)}</p>
          {act.reason === undefined ? null : <p>{t('acts.reason', { reason: act.reason })}</p>}
        </li>
      ))}
    </ol>
  );
}

function sentenceOf({ kind, personId, organisationId, detail }: Act, names: Names, language: Language): string {
  const t = adminText.in(language);
  const organisation = (id: string | undefined): string => (id === undefined ? t('place.top') : (names.organisations.get(id)?.[language] ?? t('actor.gone')));
  return t(`act.${kind}`, {
    person: personId === undefined ? '' : (names.people.get(personId) ?? t('actor.gone')),
    organisation: organisation(organisationId),
    role: detail['role'] === undefined ? '' : roleLabel(detail['role'] as Role, language),
    email: detail['email'] ?? '',
    count: Number(detail['count'] ?? 0),
    before: detail[language] ?? '',
    from: organisation(detail['from']),
    to: organisation(detail['to']),
  });
}

export function Said({ said, language }: { readonly said: string | undefined; readonly language: Language }): VNode | null {
  const known = SAID.find((one) => one === said);
  return known === undefined ? null : (
    <Notice tone="success" announce>
      <p>{adminText.in(language)(`said.${known}`)}</p>
    </Notice>
  );
}
const SAID = ['created', 'renamed', 'moved', 'closed', 'reopened', 'invited', 'withdrawn', 'granted', 'revoked', 'locked', 'unlocked', 'sessions-ended', 'recovery-sent', 'factors-removed'] as const;

/** A button that sends its own form; `reason` asks for one first, folded away until it is wanted. */
export function ActForm({ action, label, about, tone = 'secondary', reason, form, language }: { readonly action: string; readonly label: string; readonly about?: string | undefined; readonly tone?: 'secondary' | 'danger' | undefined; readonly reason?: string | undefined; readonly form?: FormState | undefined; readonly language: Language }): VNode {
  const t = adminText.in(language);
  if (reason === undefined) {
    return (
      <form method="post" action={action} class="no-print">
        <Button tone={tone} about={about}>{label}</Button>
      </form>
    );
  }
  return (
    <details class="details no-print" open={form !== undefined}>
      <summary>
        {label}
        {about === undefined ? null : <span class="visually-hidden">: {about}</span>}
      </summary>
      <form method="post" action={action} novalidate class="details__body">
        <TextInput name="reason" id={reason} label={t('field.reason')} value={form?.values['reason']} maxLength={REASON_CHARACTERS_MAX} required error={form?.errors[0]?.message} />
        <Button tone={tone} about={about}>{label}</Button>
      </form>
    </details>
  );
}

export function StateTag({ tone, children }: { readonly tone: 'success' | 'warning' | 'neutral' | 'error' | 'info'; readonly children: ComponentChildren }): VNode {
  return <Tag tone={tone}>{children}</Tag>;
}
