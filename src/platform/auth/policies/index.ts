/** The table of permissions: every noun with its policies. What is not here cannot be done. */

import { assert } from '../../../base/index.ts';
import { account } from './account.ts';
import { assessment } from './assessment.ts';
import { audit } from './audit.ts';
import { council } from './council.ts';
import { duty } from './duty.ts';
import { file } from './file.ts';
import { impact } from './impact.ts';
import { job } from './job.ts';
import { law } from './law.ts';
import type { Noun, Policy } from './model.ts';
import { member } from './member.ts';
import { motion } from './motion.ts';
import { organisation } from './organisation.ts';
import { person } from './person.ts';
import { platform } from './platform.ts';
import { seat } from './seat.ts';
import { sitting } from './sitting.ts';
import { system } from './system.ts';

export const NOUNS = { system, assessment, duty, impact, law, file, job, platform, account, organisation, person, audit, council, member, motion, seat, sitting };

type Nouns = typeof NOUNS;
type NamesOf<N extends keyof Nouns> = `${N}.${Extract<keyof Nouns[N]['policies'], string>}`;
/** `noun.verb`; `public` is what everybody may see. */
export type PolicyName = 'public' | { [N in keyof Nouns]: NamesOf<N> }[keyof Nouns];

const PUBLIC: Policy = { label: { az: 'dərc edilənləri görmək', en: 'see what is published', ru: 'видеть опубликованное' }, mode: 'see', roles: {}, everybody: true };

const POLICIES: ReadonlyMap<string, Policy> = new Map([
  ['public', PUBLIC],
  ...Object.entries(NOUNS as Readonly<Record<string, Noun>>).flatMap(([name, { policies }]) => Object.entries(policies).map(([verb, policy]): [string, Policy] => [`${name}.${verb}`, policy])),
]);

export const POLICY_NAMES = [...POLICIES.keys()] as readonly PolicyName[];

export function policyOf(name: PolicyName): Policy {
  const policy = POLICIES.get(name);
  assert(policy !== undefined, `policy ${name} is in the table`);
  return policy;
}

export function isPolicyName(name: string): name is PolicyName {
  return POLICIES.has(name);
}

export type { Noun, Policy, Reach } from './model.ts';
