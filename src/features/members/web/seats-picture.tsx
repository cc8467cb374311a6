/** The seats as a picture: a row for each constituency, a shape and a sign for how each is held. Colour helps only; the table says the same. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { CouncilPack } from '../../council/index.ts';
import { type PlaceRow, type SeatStanding, STANDINGS } from '../model.ts';
import { membersText } from '../text/index.ts';
import { constituencyName } from './words.tsx';

const STEP = 46;
const ROW = 78;
const LABEL = 20;
const RADIUS = 15;

/** Disc held, disc with a clock's sign ending, box coming, ring over, dashed ring vacant. */
function Mark({ standing, x, y }: { readonly standing: SeatStanding; readonly x: number; readonly y: number }): VNode {
  const sign = (text: string): VNode => <text class="members-picture__sign" x={x} y={y + 5}>{text}</text>;
  const name = `members-picture__mark members-picture__mark--${standing}`;
  switch (standing) {
    case 'held':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS} />{sign('✓')}</g>;
    case 'ending':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS - 1} />{sign('!')}</g>;
    case 'coming':
      return <g class={name}><rect x={x - RADIUS + 1} y={y - RADIUS + 1} width={RADIUS * 2 - 2} height={RADIUS * 2 - 2} />{sign('→')}</g>;
    case 'over':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS - 1} />{sign('–')}</g>;
    case 'vacant':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS - 1} /></g>;
  }
}

export function SeatsPicture({ rows, pack, language }: { readonly rows: readonly PlaceRow[]; readonly pack: CouncilPack; readonly language: Language }): VNode {
  const t = membersText.in(language);
  const seats = rows.filter(({ place }) => place.seat !== undefined);
  const groups = [...Map.groupBy(seats, ({ place }) => place.constituency)];
  const widest = Math.max(1, ...groups.map(([, group]) => group.length));
  return (
    <figure class="members-picture">
      <svg class="members-picture__seats" viewBox={`0 0 ${widest * STEP} ${groups.length * ROW}`} role="img" aria-label={t('picture.label')}>
        {groups.map(([group, places], row) => (
          <g key={group}>
            <text class="members-picture__group" x="0" y={row * ROW + 14}>{constituencyName(group, pack, language)}</text>
            {places.map(({ place, standing }, at) => (
              <g key={place.place}>
                <Mark standing={standing} x={at * STEP + STEP / 2} y={row * ROW + LABEL + 18} />
                <text class="members-picture__number" x={at * STEP + STEP / 2} y={row * ROW + LABEL + 48}>{String(place.seat).padStart(2, '0')}</text>
              </g>
            ))}
          </g>
        ))}
      </svg>
      <figcaption>
        <ul class="members-picture__legend">
          {STANDINGS.filter((standing) => seats.some((seat) => seat.standing === standing)).map((standing) => (
            <li key={standing}>
              <svg class="members-picture__key" viewBox="0 0 40 40" aria-hidden="true"><Mark standing={standing} x={20} y={20} /></svg> {t(`standing.${standing}`)}: {seats.filter((seat) => seat.standing === standing).length}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
