/** On the page of a motion: whose declared interests its parties meet, who has recused themselves, and who sits instead. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Notice, Section, Table } from '../../../platform/html/components/index.ts';
import type { CouncilPack } from '../../council/index.ts';
import type { ConflictView } from '../model.ts';
import { membersText } from '../text/index.ts';
import { constituencyName, placeName } from './words.tsx';

export function conflictsSection(view: ConflictView | undefined, pack: CouncilPack, language: Language): VNode | undefined {
  if (view === undefined) return undefined;
  const t = membersText.in(language);
  return (
    <Section title={t('conflicts.title')} id="interests" lead={t('conflicts.lead')}>
      {view.conflicts.every(({ isRecused }) => isRecused) ? null : <Notice tone="warning" title={t('conflicts.open')}><p>{t('conflicts.open-body')}</p></Notice>}
      <Table
        caption={t('conflicts.title')}
        captionHidden
        phone="stack"
        rows={view.conflicts}
        rowKey={({ place }) => place.place}
        columns={[
          { key: 'place', head: t('field.place'), rowHead: true, cell: ({ place }) => <a href={`/members/places/${place.place}#interests`}>{`${placeName(place, language)}, ${constituencyName(place.constituency, pack, language)}`}</a> },
          { key: 'name', head: t('field.holder'), cell: ({ name }) => name },
          { key: 'interest', head: t('field.interest'), cell: ({ interests }) => interests.map(({ organisation, kind }) => `${organisation} (${t(`interest-kind.${kind}`)})`).join('; ') },
          {
            key: 'sits',
            head: t('field.sits'),
            cell: ({ isRecused, sits }) => (!isRecused ? t('conflicts.not-recused') : sits === undefined ? t('conflicts.vacant') : `${placeName(sits.place, language)}${sits.name === undefined ? '' : `, ${sits.name}`}`),
          },
        ]}
      />
    </Section>
  );
}
