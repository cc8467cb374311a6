/** Texts of motions in three languages. */

import { catalogue } from '../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const motionText = catalogue('motions', { az, en, ru });
export type MotionTextKey = keyof typeof en;
