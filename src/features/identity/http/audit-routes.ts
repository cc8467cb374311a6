/** Pages of the audit record and of the table of permissions. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Instant, parseCivilDate } from '../../../base/index.ts';
import type { AuditQuery, AuditRow } from '../../../platform/audit/index.ts';
import { isPolicyName, ROLES } from '../../../platform/auth/index.ts';
import { type MizanServer, sendPage } from '../../../platform/http/index.ts';
import type { Names } from '../actions/administration.ts';
import { DAY_MS, type Role } from '../model.ts';
import { csvTable } from '../rules/csv-table.ts';
import { adminText } from '../text/admin/index.ts';
import { actText, auditPage, OUTCOMES, outcomeOf, refusalWords, type Target } from '../web/admin/audit-page.tsx';
import { actorLabel, byName, roleLabel } from '../web/admin/parts.tsx';
import { policiesPage, policyTable, reachText } from '../web/admin/policies-page.tsx';
import { type AdministrationParts, isId, sendCsv } from './administration-parts.ts';

const ROWS_SHOWN = 50;
export const AUDIT_EXPORTED_MAX = 10_000;
const EXPORT_PAGE = 200;
const CHOICES_MAX = 1_000;
const PATH = '/identity/audit';
const empty = z.object({ lang: z.string().max(10).optional() });
export const auditQuery = z.object({
  person: z.string().max(60).optional(),
  policy: z.string().max(60).optional(),
  outcome: z.string().max(20).optional(),
  organisation: z.string().max(60).optional(),
  from: z.string().max(10).optional(),
  to: z.string().max(10).optional(),
  before: z.string().max(20).optional(),
  lang: z.string().max(10).optional(),
});

/** What the filters of an address mean; what they cannot mean is left out. Days are of UTC, the last one included. */
export async function auditQueryOf({ administration }: AdministrationParts, query: z.infer<typeof auditQuery>): Promise<AuditQuery> {
  const { person, policy, organisation } = query;
  const outcome = OUTCOMES.find((one) => one === query.outcome);
  const from = parseCivilDate(query.from ?? '');
  const to = parseCivilDate(query.to ?? '');
  return {
    ...(isId(person) ? { actors: await administration.actorsOf(person) } : {}),
    ...(policy !== undefined && isPolicyName(policy) ? { policy } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(isId(organisation) ? { organisations: [organisation] } : {}),
    ...(from === undefined ? {} : { from: `${from}T00:00:00.000Z` as Instant }),
    ...(to === undefined ? {} : { to: new Date(Date.parse(`${to}T00:00:00.000Z`) + DAY_MS).toISOString() as Instant }),
    ...(/^\d{1,15}$/.test(query.before ?? '') ? { before: Number(query.before) } : {}),
  };
}

/** Names of who acted and of what it was about, each kind in one query; what lies outside the reach of the reader has none. */
export async function namesOfRows({ administration, register }: AdministrationParts, request: FastifyRequest, rows: readonly AuditRow[]): Promise<{ readonly names: Names; readonly targets: ReadonlyMap<string, Target> }> {
  const { scope } = request;
  const actors = rows.map(({ actor }) => actor.split(':'));
  const idsOf = (kind: string): readonly string[] => actors.flatMap(([one, id]) => (one === kind && isId(id) ? [id] : []));
  const targets = [...new Set(rows.flatMap((row) => Object.values(row.targets)))].filter(isId);
  const reachable = scope.reach === 'all' ? targets : targets.filter((id) => scope.organisations.includes(id));
  const names = await administration.names({ people: [...idsOf('person'), ...(request.may('person.see') ? targets : [])], organisations: reachable, keys: idsOf('key') });
  const found = new Map<string, Target>(await register?.targetsOf(targets, request.frame.language));
  for (const [id, name] of names.organisations) found.set(id, { label: name[request.frame.language], href: `/identity/organisations/${id}` });
  if (request.may('person.see')) for (const id of targets) {
    const name = names.people.get(id);
    if (name !== undefined) found.set(id, { label: name, href: `/identity/people/${id}` });
  }
  return { names, targets: found };
}

export function auditRoutes(app: MizanServer, parts: AdministrationParts): void {
  const { administration, audit, clock } = parts;
  app.get(PATH, { config: { policy: 'audit.see' }, schema: { hide: true, querystring: auditQuery } }, async (request, reply) => {
    const { person, policy, outcome, organisation, from, to } = request.query;
    const read = await audit.list({ ...(await auditQueryOf(parts, request.query)), limit: ROWS_SHOWN + 1 });
    const rows = read.slice(0, ROWS_SHOWN);
    const { names, targets } = await namesOfRows(parts, request, rows);
    const personName = isId(person) ? (names.people.get(person) ?? (await administration.names({ people: [person] })).people.get(person)) : undefined;
    const isOwn = request.scope.reach !== 'all';
    const view = {
      rows,
      names,
      targets,
      filter: { person, policy, outcome, organisation, from, to },
      // Somebody outside the reach has no rows here, and no name either.
      personName: isOwn && rows.length === 0 ? undefined : personName,
      organisations: (await administration.organisations(request.scope)).toSorted(byName(request.frame.language)).slice(0, CHOICES_MAX),
      next: read.length > ROWS_SHOWN ? String(rows.at(-1)?.id) : undefined,
      isOwn,
    };
    return sendPage(request, reply, (frame) => auditPage(frame, view));
  });
  app.get(`${PATH}.csv`, { config: { policy: 'audit.see' }, schema: { hide: true, querystring: auditQuery } }, async (request, reply) => {
    const { language } = request.frame;
    const t = adminText.in(language);
    const asked = await auditQueryOf(parts, request.query);
    const lines: string[][] = [];
    let { before } = asked;
    while (lines.length < AUDIT_EXPORTED_MAX) {
      const rows = await audit.list({ ...asked, ...(before === undefined ? {} : { before }), limit: EXPORT_PAGE });
      const { names, targets } = await namesOfRows(parts, request, rows);
      for (const row of rows) {
        const about = Object.entries(row.targets).flatMap(([name, id]) => (targets.has(id) || request.scope.reach === 'all' ? [`${name}=${targets.get(id)?.label ?? id}`] : []));
        lines.push([String(row.id), row.at, actorLabel(row.actor, names, language), actText(row, language), row.policy, `${row.method} ${row.route}`, about.join('; '), row.address, t(`outcome.${outcomeOf(row)}`), outcomeOf(row) === 'refused' ? refusalWords(row, language) : '', row.code ?? '', row.endedAt ?? '']);
      }
      before = rows.at(-1)?.id;
      if (before === undefined || rows.length < EXPORT_PAGE) break;
    }
    const head = [t('csv.id'), t('field.when'), t('field.who'), t('field.what'), t('csv.policy'), t('csv.route'), t('field.target'), t('field.address'), t('field.outcome'), t('csv.why'), t('csv.code'), t('csv.ended')];
    return sendCsv(reply, 'audit', clock.now(), csvTable(head, lines));
  });
  policyRoutes(app, parts);
}

/** Roles of the reader, each once, in the order of the table. */
function rolesOf(request: FastifyRequest): readonly Role[] {
  const held = new Set(request.caller.memberships.map(({ role }) => role));
  return ROLES.filter((role) => held.has(role));
}

function policyRoutes(app: MizanServer, { clock }: AdministrationParts): void {
  app.get('/identity/policies', { config: { policy: 'audit.policies' }, schema: { hide: true, querystring: empty } }, async (request, reply) => sendPage(request, reply, (frame) => policiesPage(frame, rolesOf(request))));
  app.get('/identity/policies.csv', { config: { policy: 'audit.policies' }, schema: { hide: true, querystring: empty } }, async (request, reply) => {
    const { language } = request.frame;
    const t = adminText.in(language);
    const head = [t('csv.policy'), t('field.what'), t('csv.mode'), t('csv.step-up'), ...ROLES.map((role) => roleLabel(role, language))];
    const rows = policyTable().flatMap(({ noun, rows: policies }) => policies.map(({ name, policy }) => [name, `${noun.label[language]}: ${policy.label[language]}`, t(`policies.mode-${policy.mode}`), t(policy.stepUp === true ? 'policies.yes' : 'policies.no'), ...ROLES.map((role) => reachText(policy, role, language))]));
    return sendCsv(reply, 'permissions', clock.now(), csvTable(head, rows));
  });
  app.get(
    '/api/v1/policies',
    {
      config: { policy: 'audit.policies', api: true },
      schema: {
        tags: ['identity'],
        summary: 'The table of permissions',
        description: 'What each role may do, and how far: `all` everywhere, `own` in the organisations of the membership and below them. The very table the software works by.',
        response: {
          200: z.object({
            roles: z.array(z.enum(ROLES)),
            policies: z.array(
              z.object({
                name: z.string(),
                noun: z.string(),
                label: z.record(z.string(), z.string()),
                mode: z.enum(['see', 'act']),
                roles: z.record(z.string(), z.enum(['all', 'own'])),
                anyAccount: z.boolean().meta({ description: 'Open to every signed-in person for their own account.' }),
                stepUp: z.boolean().meta({ description: 'Asks for a second factor within the last ten minutes; API keys cannot do it.' }),
                allowed: z.boolean().meta({ description: 'Whether who asks may do it somewhere.' }),
              }),
            ),
          }),
        },
      },
    },
    async (request) => ({
      roles: [...ROLES],
      policies: policyTable().flatMap(({ key, rows }) =>
        rows.map(({ name, policy }) => ({ name, noun: key, label: { ...policy.label }, mode: policy.mode, roles: { ...policy.roles } as Record<string, 'all' | 'own'>, anyAccount: policy.anyAccount === true, stepUp: policy.stepUp === true, allowed: request.may(name) })),
      ),
    }),
  );
}
