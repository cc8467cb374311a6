/** What the routes of administration share: their parts, the reading of forms, refusals on the way out. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isLanguage, type Language, LANGUAGES, type LocalisedText } from '../../../base/index.ts';
import type { Audit } from '../../../platform/audit/index.ts';
import { REGULATOR_ROLES, ROLES, scopeFor } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { Denied, Refused } from '../../../platform/http/index.ts';
import type { Administration } from '../actions/administration.ts';
import { type AdminRefusal, adminRefusalText, isMissing, problemCodeOf } from '../actions/admin-refusals.ts';
import type { Identity } from '../actions/open-identity.ts';
import { EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX, ORGANISATION_KINDS, type OrganisationKind, type Role } from '../model.ts';
import { adminText } from '../text/admin/index.ts';
import type { Target } from '../web/admin/audit-page.tsx';
import type { LinkedBody } from '../web/admin/organisation-page.tsx';
import type { FormState } from '../web/layout.tsx';

/** What a higher feature tells of organisations, in the scope of the request. */
export interface RegisterView {
  /** How many entries each organisation has. */
  entriesOf(organisations: readonly string[]): Promise<ReadonlyMap<string, number>>;
  bodiesOf(organisation: string): Promise<readonly LinkedBody[]>;
  /** Entries and other things with these ids that the reader may see. */
  targetsOf(ids: readonly string[], language: Language): Promise<ReadonlyMap<string, Target>>;
}

export interface AdministrationParts {
  readonly identity: Identity;
  readonly administration: Administration;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Absent where there is no register, as in tests of identity alone. */
  readonly register?: RegisterView | undefined;
}

const FIELD_CHARACTERS_MAX = 4_000;
const FIELDS_MAX = 40;
export const form = z
  .record(z.string().max(100), z.union([z.string().max(FIELD_CHARACTERS_MAX), z.array(z.string().max(FIELD_CHARACTERS_MAX))]))
  .refine((fields) => Object.keys(fields).length <= FIELDS_MAX)
  .nullish()
  .transform((fields) => Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : (value[0] ?? '')])));
export type Form = z.infer<typeof form>;

export const byId = z.object({ id: z.string().max(60) });
export const uuid = z.uuid();

/** Text that is no id belongs to nothing. */
export function isId(text: string | undefined): text is string {
  return text !== undefined && uuid.safeParse(text).success;
}

export function notFound(request: FastifyRequest, code: 'no-organisation' | 'no-person' | 'no-invitation' | 'not-a-member'): Refused {
  return new Refused('not-found', adminRefusalText({ code }, request.frame.language), { status: 404 });
}

/** 404 for what does not exist for who asks, 422 for what can be corrected. */
export function refusedAs(refusal: AdminRefusal, language: Language): Refused {
  return new Refused(problemCodeOf(refusal), adminRefusalText(refusal, language), { status: isMissing(refusal) ? 404 : 422 });
}

/** The same form again with what is wrong; the record of acts keeps the code. */
export function problemState(reply: FastifyReply, fields: Form, errors: FormState['errors'], code = 'bad-request'): FormState {
  reply.problemCode = code;
  return { errors, values: fields };
}

export function kindOf(text: string | undefined): OrganisationKind | undefined {
  return ORGANISATION_KINDS.find((kind) => kind === text);
}

export function roleOf(text: string | undefined): Role | undefined {
  return ROLES.find((role) => role === text);
}

export function languageOf(text: string | undefined, otherwise: Language): Language {
  return text !== undefined && isLanguage(text) ? text : otherwise;
}

/** Names in all three languages, or what is missing. */
export function namesOf(fields: Form, prefix: 'create' | 'name', language: Language): { readonly names: LocalisedText; readonly errors: FormState['errors'] } {
  const t = adminText.in(language);
  const names = Object.fromEntries(LANGUAGES.map((one) => [one, (fields[`${prefix}-${one}`] ?? '').trim().replaceAll(/\s+/g, ' ')])) as Record<Language, string>;
  return { names, errors: LANGUAGES.filter((one) => names[one] === '' || names[one].length > NAME_CHARACTERS_MAX).map((one) => ({ field: `${prefix}-${one}`, message: t('field.required') })) };
}

export function isEmail(text: string): boolean {
  return text.length <= EMAIL_CHARACTERS_MAX && z.email().safeParse(text).success;
}

/** A role of the regulator reaches everywhere: to invite somebody to one is to give it, and asks for the same second factor. */
export function demandGrant(request: FastifyRequest, role: Role, clock: Clock): void {
  if (!REGULATOR_ROLES.includes(role)) return;
  const may = scopeFor(request.caller, 'organisation.grant', Date.parse(clock.now()));
  if (!may.ok) throw new Denied(may.refusal, 'organisation.grant');
}

/** A list as a file to keep. */
export function sendCsv(reply: FastifyReply, name: string, at: string, text: string): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="mizan-${name}-${at.slice(0, 10)}.csv"`)
    .header('cache-control', 'no-store')
    .send(text);
}

/** Names the thing of an act for the record when its route does not. */
export function noteTargets(request: FastifyRequest, targets: Readonly<Record<string, string>>): void {
  request.auditNote = { ...request.auditNote, targets };
}
