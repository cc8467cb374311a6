/** The constitution for people and for programs. */

import { z } from 'zod';
import { type MizanServer, sendPage } from '../../../platform/http/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { checkConstitution, printConstitution } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import type { OpenCouncil } from '../actions/open-council.ts';
import type { CouncilPack } from '../rules/council-pack.ts';
import { constitutionPage } from '../web/constitution-page.tsx';

const loose = z.looseObject({});

export function constitutionRoutes(app: MizanServer, { council, pack }: { readonly council: OpenCouncil; readonly pack: CouncilPack }): void {
  app.get('/council/constitution', { config: { policy: 'public' }, schema: { hide: true, querystring: z.object({ lang: z.string().max(10).optional() }) } }, async (request, reply) => {
    const { origin } = await council.standing();
    return sendPage(request, reply, (frame) => constitutionPage(frame, { pack: { ...pack, constitution: council.constitution() }, origin }));
  });
  app.get(
    '/api/v1/council/constitution',
    { config: { policy: 'public' as const, api: true }, schema: { tags: ['council'], summary: 'The numbers of the council, what their check found, and its words', response: { 200: z.object({ text: z.string(), digest: z.string(), placements: z.number().nullable(), overlap: z.number().nullable(), honestYes: z.number().nullable(), margin: z.number().nullable(), vetoes: z.array(loose), manifest: loose }) } } },
    async () => {
      // What the council was founded with is known once its standing was read.
      await council.standing();
      const constitution = council.constitution();
      const [text, checked] = [printConstitution(constitution), checkConstitution(constitution)];
      const report = checked.ok ? checked.value : undefined;
      return {
        text,
        digest: digestOf(suite, text),
        placements: report?.placements ?? null,
        overlap: report?.overlap ?? null,
        honestYes: report?.honestYes ?? null,
        margin: report?.margin ?? null,
        vetoes: (report?.vetoes ?? []).map((one) => ({ ...one })),
        manifest: { ...pack.manifest },
      };
    },
  );
}
