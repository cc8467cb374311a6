/** What each kind of motion asks for and does: its fields, its classes with the usual one first, and whether the platform itself carries it out. */

import type { Kind } from '../model.ts';

export type FieldType = 'system' | 'pack' | 'date' | 'text' | 'long' | 'motion' | 'roll';

export interface KindField {
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
}

export interface KindRule {
  /** The first is the usual one. */
  readonly classes: readonly string[];
  readonly fields: readonly KindField[];
  /** `platform`: carried out here once in force. `recorded`: its subject does not exist in the platform, so that the decision is its only trace. */
  readonly effect: 'platform' | 'recorded';
  /** At least one party is named: somebody is affected, and interests are matched against it. */
  readonly hasParties: boolean;
}

const field = (name: string, type: FieldType, required = true): KindField => ({ name, type, required });
const SYSTEM: readonly KindField[] = [field('system', 'system')];
const AGREEMENT: readonly KindField[] = [field('agreement', 'text'), field('data', 'long'), field('destination', 'text'), field('until', 'date')];

export const KIND_RULES: Readonly<Record<Kind, KindRule>> = {
  authorise: { classes: ['standard', 'guarded', 'emergency'], fields: [...SYSTEM, field('until', 'date', false)], effect: 'platform', hasParties: true },
  suspend: { classes: ['contested', 'standard', 'emergency'], fields: [...SYSTEM, field('until', 'date', false)], effect: 'platform', hasParties: true },
  prohibit: { classes: ['contested', 'standard', 'emergency'], fields: SYSTEM, effect: 'platform', hasParties: true },
  'adopt-pack': { classes: ['constitutional'], fields: [field('pack', 'pack')], effect: 'platform', hasParties: false },
  'grant-agreement': { classes: ['standard', 'guarded'], fields: AGREEMENT, effect: 'recorded', hasParties: true },
  'renew-agreement': { classes: ['standard', 'guarded'], fields: AGREEMENT, effect: 'recorded', hasParties: true },
  'revoke-agreement': { classes: ['standard', 'contested', 'emergency'], fields: [field('agreement', 'text'), field('destination', 'text', false)], effect: 'recorded', hasParties: true },
  accredit: { classes: ['standard', 'contested'], fields: [field('body', 'text'), field('scope', 'long'), field('until', 'date')], effect: 'recorded', hasParties: true },
  roll: { classes: ['constitutional'], fields: [field('roll', 'roll')], effect: 'platform', hasParties: false },
  procedure: { classes: ['constitutional', 'procedural'], fields: [], effect: 'recorded', hasParties: false },
  annul: { classes: ['standard', 'contested', 'constitutional', 'guarded'], fields: [field('decision', 'motion')], effect: 'platform', hasParties: false },
};
