/** A new country needs no code: the invented overlay is put in force as it lies in packs/law, and the same pages answer with its law. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/base/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { openStory, type Story } from '../support/story.ts';

interface Ref {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}
interface Told {
  readonly headline: { readonly id: string };
  readonly regimes: readonly { readonly id: string; readonly result: string; readonly dates: { readonly appliesFrom?: string } }[];
}
interface Duties {
  readonly pack: Ref;
  readonly duties: readonly { readonly id: string; readonly result: string; readonly authority: string; readonly due?: { readonly kind: string; readonly date?: string } }[];
}

const COUNTRY = 'xy-talvoria';
const SYSTEM = 'register-of-parking';
/** A system of a town that grants permits by itself. */
const PARKING: Readonly<Record<string, unknown>> = {
  'S.infers': true, 'S.nexus': [], 'S.mil_only': false, 'S.rd_sole': false, 'S.premarket': false, 'S.personal': false, 'A1.act': [], 'X.area': [], 'G.is_model': false, 'R.uses_under_authority': true, 'xy.decides_alone': true,
};
/** In Talvoria a month sooner than in the Act. */
const UNDRESSING = { 'S.infers': true, 'S.mil_only': false, 'S.rd_sole': false, 'S.premarket': false, 'P.intimate': 'intended', 'P.consent_explicit': false, 'P.no_more_exposure': false };
const INVENTED = { az: 'uydurma', en: 'invented', ru: 'вымышлен' } as const;
const MEASURE_ASKED_MAX = 1800;
/** Adoption checks the whole pack with its base, all its laws and worked cases. */
const ADOPTED_WITHIN_MS = 600_000;

onEveryEngine((_open, engine) => {
  let story: Story;
  let systemId = '';

  beforeAll(async () => {
    story = await openStory({ engine });
    const table = `id,status,name,organisation,purpose\n${SYSTEM},registered,Parking permits,Town of Brenn,"Grants or refuses permits to park."\n`;
    await story.importFile('mizan-csv', { name: 'one.csv', content: table });
    systemId = (await story.get('/api/v1/systems?limit=10')).json<{ items: { id: string }[] }>().items[0]?.id ?? '';
    await adopt();
  }, ADOPTED_WITHIN_MS);
  afterAll(async () => story?.close());

  const adopt = async (): Promise<void> => {
    const { items } = (await story.get('/api/v1/law/installed')).json<{ items: { pack: Ref }[] }>();
    const country = items.find(({ pack }) => pack.id === COUNTRY)?.pack;
    expect(country, 'the overlay lies in packs/law').toBeDefined();
    const begun = await story.send('POST', '/api/v1/law/changes', { digest: country?.digest });
    expect(begun.status, begun.body).toBe(202);
    const { id } = begun.json<{ id: string }>();
    for (let asked = 1; (await story.get(`/api/v1/law/changes/${id}`)).json<{ finishedAt?: string }>().finishedAt === undefined; asked++) {
      if (asked === MEASURE_ASKED_MAX) throw new Error('the measurement did not end');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const adopted = await story.send('POST', `/api/v1/law/changes/${id}/adopt`, { author: 'Test council', reason: 'The invented country begins.' });
    expect(adopted.status, adopted.body).toBe(200);
  };

  it('classifies under the law of the country and shows its duty with its date', async () => {
    const { packs } = (await story.get('/api/v1/law')).json<{ packs: { id: string; place?: string }[] }>();
    expect(packs[0]?.id).toBe(COUNTRY);
    expect(packs.map(({ id }) => id)).not.toContain('eu-ai-act');
    let step = 0;
    for (const [fact, answer] of Object.entries(PARKING)) {
      const given = await story.send('POST', `/api/v1/systems/${systemId}/answers`, { fact, answer, after: step });
      expect(given.status, `${fact}: ${given.body}`).toBe(200);
      ({ step } = given.json<{ step: number }>());
    }
    const sheet = (await story.get(`/api/v1/systems/${systemId}/assessment?asOf=2027-03-01`)).json<Told>();
    expect(sheet.regimes.find(({ id }) => id === 'xy.bulletin')).toMatchObject({ result: 'holds', dates: { appliesFrom: '2027-03-01' } });
    const duties = (await story.get(`/api/v1/systems/${systemId}/duties?asOf=2027-03-01`)).json<Duties>();
    expect(duties.pack.id).toBe(COUNTRY);
    expect(duties.duties.find(({ id }) => id === 'XY.BULLETIN')).toMatchObject({ result: 'holds', authority: 'national', due: { kind: 'date', date: '2027-03-01' } });
    // Known the day before the country's act was published, there is no such duty.
    const before = (await story.get(`/api/v1/systems/${systemId}/duties?asOf=2027-03-01&knownOn=2026-09-30`)).json<Duties>();
    expect(before.duties.find(({ id }) => id === 'XY.BULLETIN')?.result ?? 'fails').toBe('fails');
  });

  it('moves a date and frees somebody of a duty of the base, for those who ask on the right day', async () => {
    const ask = async (facts: object, dates: object): Promise<Told> => (await story.send('POST', '/api/v1/classify', { facts, ...dates })).json<Told>();
    const ban = async (knownOn: string) => (await ask(UNDRESSING, { asOf: '2026-12-31', knownOn })).regimes.find(({ id }) => id === 'prohibited.ba');
    expect(await ban('2026-10-01')).toMatchObject({ result: 'holds', dates: { appliesFrom: '2026-11-02' } });
    expect(await ban('2026-09-30')).toMatchObject({ result: 'holds', dates: { appliesFrom: '2026-12-02' } });
    const workshop = { ...PARKING, 'S.foss': false, 'R.public_body': false, 'R.size': 'micro' };
    const literacy = async (knownOn: string) => (await ask(workshop, { asOf: '2026-12-31', knownOn })).regimes.find(({ id }) => id === 'literacy')?.result;
    expect(await literacy('2026-10-01')).toBe('fails');
    expect(await literacy('2026-09-30')).toBe('holds');
  });

  it.each(LANGUAGES)('says on its pages that it is an invented example and that no counsel confirmed it, in %s', async (language) => {
    for (const url of [`/lawbook/${COUNTRY}/regime/xy.bulletin`, `/assessment/${systemId}/result?asOf=2027-03-01`, `/obligations/${systemId}?asOf=2027-03-01`]) {
      const { status, document } = await story.page(url, language);
      expect(status, url).toBe(200);
      const text = document.querySelector('main')?.textContent ?? '';
      expect(text.toLowerCase(), url).toContain(INVENTED[language]);
      expect(text, url).toContain({ az: 'yerli hüquqşünas təsdiqləməyib', en: 'not confirmed by local counsel', ru: 'не подтверждено местным юристом' }[language]);
    }
  });
});
