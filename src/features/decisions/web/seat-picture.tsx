/** The 33 seats as a picture: a row for each constituency, a shape and a sign for each vote. Colour helps only; the table says the same. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { SEAT_VOTES, type SeatVote } from '../model.ts';
import type { SeatRow } from '../rules/seat-votes.ts';
import { decisionsText } from '../text/index.ts';
import { groupWord, seatNumber } from './words.ts';

const STEP = 46;
const ROW = 78;
const LABEL = 20;
const RADIUS = 15;

/** One vote: disc yes, square no, ring abstained, dot silent, dashed ring vacant, diamond twice, box with a bar sealed. */
function Mark({ vote, x, y }: { readonly vote: SeatVote; readonly x: number; readonly y: number }): VNode {
  const name = `seats__mark seats__mark--${vote}`;
  const sign = (text: string): VNode => <text class="seats__sign" x={x} y={y + 5}>{text}</text>;
  switch (vote) {
    case 'yes':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS} />{sign('✓')}</g>;
    case 'no':
      return <g class={name}><rect x={x - RADIUS + 1} y={y - RADIUS + 1} width={RADIUS * 2 - 2} height={RADIUS * 2 - 2} />{sign('✕')}</g>;
    case 'abstain':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS - 1} />{sign('–')}</g>;
    case 'twice':
      return <g class={name}><path d={`M${x} ${y - RADIUS - 2}L${x + RADIUS + 2} ${y}L${x} ${y + RADIUS + 2}L${x - RADIUS - 2} ${y}Z`} />{sign('2')}</g>;
    case 'sealed':
      return <g class={name}><rect x={x - RADIUS + 1} y={y - RADIUS + 4} width={RADIUS * 2 - 2} height={RADIUS * 2 - 8} />{sign('?')}</g>;
    case 'silent':
      return <g class={name}><circle cx={x} cy={y} r={5} /></g>;
    case 'vacant':
      return <g class={name}><circle cx={x} cy={y} r={RADIUS - 1} /></g>;
  }
}

export function SeatPicture({ seats, language }: { readonly seats: readonly SeatRow[]; readonly language: Language }): VNode {
  const t = decisionsText.in(language);
  const groups = [...new Set(seats.map(({ constituency }) => constituency))];
  const widest = Math.max(...groups.map((group) => seats.filter(({ constituency }) => constituency === group).length));
  const [width, height] = [widest * STEP, groups.length * ROW];
  const used = SEAT_VOTES.filter((vote) => seats.some((seat) => seat.vote === vote));
  return (
    <figure class="seats">
      <svg class="seats__picture" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('votes.picture')}>
        {groups.map((group, row) => (
          <g key={group}>
            <text class="seats__group" x="0" y={row * ROW + 14}>{groupWord(group, language)}</text>
            {seats.filter(({ constituency }) => constituency === group).map(({ seat, vote }, at) => (
              <g key={seat}>
                <Mark vote={vote} x={at * STEP + STEP / 2} y={row * ROW + LABEL + 18} />
                <text class="seats__number" x={at * STEP + STEP / 2} y={row * ROW + LABEL + 48}>{seatNumber(seat)}</text>
              </g>
            ))}
          </g>
        ))}
      </svg>
      <figcaption>
        <ul class="seats__legend">
          {used.map((vote) => (
            <li key={vote}>
              <svg class="seats__key" viewBox="0 0 40 40" aria-hidden="true"><Mark vote={vote} x={20} y={20} /></svg> {t(`vote.${vote}`)}: {seats.filter((seat) => seat.vote === vote).length}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
