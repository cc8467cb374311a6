/** Texts of the intake in three languages. */

import { catalogue } from '../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export type IntakeTextKey = keyof typeof en;
export const intakeText = catalogue('intake', { az, en, ru });
