/** Texts of the register of members in three languages. */

import { catalogue } from '../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const membersText = catalogue('members', { az, en, ru });
export type MembersTextKey = keyof typeof en;
