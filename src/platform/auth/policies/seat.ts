/** The console of a council member. Its keys are in the browser: these policies open the page, not the seat. */

import { noun } from './model.ts';

export const seat = noun(
  { az: 'Şuradakı yer', en: 'Seat of the council', ru: 'Место в Совете' },
  {
    use: { label: { az: 'yerin konsolunu açmaq', en: 'open the console of a seat', ru: 'открыть консоль места' }, mode: 'see', roles: { 'council-member': 'all' } },
    sign: { label: { az: 'imzalanmış tələb, rəy və kənara çəkilmə təqdim etmək', en: 'bring signed demands, opinions and recusals', ru: 'вносить подписанные требования, мнения и самоотводы' }, mode: 'act', roles: { 'council-member': 'all' } },
  },
);
