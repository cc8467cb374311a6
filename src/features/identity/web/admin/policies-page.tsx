/** The table of permissions for reading: what each role may do with what, and how far. */

import type { VNode } from 'preact';
import type { Language } from '../../../../base/index.ts';
import { NOUNS, type Noun, type Policy, type PolicyName, ROLES } from '../../../../platform/auth/index.ts';
import { LinkButton, Notice, PageHeading, Section, Table } from '../../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../../platform/html/index.ts';
import { formatList } from '../../../../platform/text/index.ts';
import type { Role } from '../../model.ts';
import { adminText } from '../../text/admin/index.ts';
import { AdminTabs, roleLabel } from './parts.tsx';

export interface PolicyRow {
  readonly name: PolicyName;
  readonly policy: Policy;
}

/** Every noun with its policies, in the order of the table. */
export function policyTable(): readonly { readonly key: string; readonly noun: Noun; readonly rows: readonly PolicyRow[] }[] {
  return Object.entries(NOUNS as Readonly<Record<string, Noun>>).map(([key, noun]) => ({ key, noun, rows: Object.entries(noun.policies).map(([verb, policy]) => ({ name: `${key}.${verb}` as PolicyName, policy })) }));
}

export function reachText(policy: Policy, role: Role, language: Language): string {
  const t = adminText.in(language);
  if (policy.anyAccount === true) return t('policies.own-account');
  const reach = policy.roles[role];
  return reach === undefined ? '' : t(`policies.${reach}`);
}

export function policiesPage(frame: PageContext, mine: readonly Role[]): Page {
  const { language } = frame;
  const t = adminText.in(language);
  return {
    title: t('policies.title'),
    wide: true,
    body: (
      <div class="identity-policies">
        <AdminTabs frame={frame} current="/identity/policies" />
        <PageHeading
          title={t('policies.title')}
          lead={t('policies.lead')}
          actions={
            <>
              <LinkButton href="/identity/policies.csv" tone="secondary" download>{t('list.csv')}</LinkButton>
              <LinkButton href="/api/v1/policies" tone="secondary">JSON</LinkButton>
            </>
          }
        />
        <Notice title={mine.length === 0 ? t('policies.no-roles') : t('policies.your-roles', { roles: formatList(mine.map((role) => roleLabel(role, language)), language) })}>
          <p>{t('policies.marks')}</p>
        </Notice>
        {policyTable().map(({ key, noun, rows }) => (
          <Section key={key} id={key} title={noun.label[language]}>
            <Table
              caption={noun.label[language]}
              captionHidden
              dense
              rows={rows}
              rowKey={({ name }) => name}
              columns={[
                { key: 'what', head: t('field.what'), rowHead: true, width: 'wide', cell: (row) => <Verb row={row} frame={frame} /> },
                ...ROLES.map((role) => ({ key: role, head: <RoleHead role={role} mine={mine} language={language} />, cell: ({ policy }: PolicyRow) => <Cell policy={policy} role={role} mine={mine} language={language} /> })),
              ]}
            />
          </Section>
        ))}
      </div>
    ),
  };
}

function Verb({ row, frame }: { readonly row: PolicyRow; readonly frame: PageContext }): VNode {
  const t = adminText.in(frame.language);
  const isMine = frame.may(row.name);
  return (
    <>
      {isMine ? <strong>{row.policy.label[frame.language]}</strong> : row.policy.label[frame.language]}
      {isMine ? <span class="identity-mine"> {t('policies.mine')}</span> : null}
      {row.policy.stepUp === true ? <span class="identity-line muted">{t('policies.step-up')}</span> : null}
    </>
  );
}

function RoleHead({ role, mine, language }: { readonly role: Role; readonly mine: readonly Role[]; readonly language: Language }): VNode {
  const label = roleLabel(role, language);
  return mine.includes(role) ? <strong class="identity-mine">{label}</strong> : <>{label}</>;
}

function Cell({ policy, role, mine, language }: { readonly policy: Policy; readonly role: Role; readonly mine: readonly Role[]; readonly language: Language }): VNode {
  const text = reachText(policy, role, language);
  if (text === '') return <span class="muted"><span aria-hidden="true">–</span><span class="visually-hidden">{adminText.in(language)('policies.no')}</span></span>;
  return mine.includes(role) ? <strong>{text}</strong> : <>{text}</>;
}
