/** Pages that show a theme at work, with invented entries and a banner that says so: for `mizan theme preview` and the tests. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { DocumentBlock } from '../../documents/index.ts';
import { Breadcrumbs, ButtonRow, Card, Details, Facets, Grid, LinkButton, Notice, PageHeading, ResultTag, SearchBox, Section, Stat, Stats, StatusTag, SummaryList, Table, Tag, Timeline, WithAside } from '../components/index.ts';
import { say, type Say } from '../examples/index.ts';
import type { Page } from '../page.tsx';
import { measure, ratioInWords } from './contrast.ts';
import { type Theme, type ThemeProblem } from './format.ts';
import { SCHEMES } from './palette.ts';

/** The names of the sample pages; each is shown in every language that the theme offers. */
export const PREVIEW_PAGES = ['index', 'register', 'entry', 'checks'] as const;
export type PreviewPage = (typeof PREVIEW_PAGES)[number];

export function previewBanner(theme: Theme, language: Language): string {
  return say(language)(`“${theme.id}” mövzusunun önizləməsi. Göstərilən qeydlər uydurulub.`, `A preview of the theme “${theme.id}”. The entries shown are invented.`, `Предпросмотр темы «${theme.id}». Показанные записи вымышлены.`);
}

export function previewPage(name: PreviewPage, theme: Theme, problems: readonly ThemeProblem[], language: Language): Page {
  const words = say(language);
  switch (name) {
    case 'index':
      return homePage(theme, words, language);
    case 'register':
      return registerPage(words);
    case 'entry':
      return entryPage(words);
    default:
      return checksPage(theme, problems, words);
  }
}

function homePage(theme: Theme, words: Say, language: Language): Page {
  const links: readonly (readonly [string, string, string])[] = [
    ['/register', words('Reyestr', 'The register', 'Реестр'), words('Siyahı, axtarış və süzgəclər', 'A list with search and filters', 'Список с поиском и фильтрами')],
    ['/entry', words('Qeyd', 'An entry', 'Запись'), words('Bir sistem haqqında səhifə', 'A page about one system', 'Страница об одной системе')],
    ['/components', words('Komponentlər', 'Components', 'Компоненты'), words('Səhifələrin bütün hissələri', 'All parts that pages are built from', 'Все части страниц')],
    [`/document-${language}.pdf`, words('Sənəd', 'A document', 'Документ'), words('Bu mövzuda PDF', 'A PDF in this theme', 'PDF в этой теме')],
    [`/mail-${language}.html`, words('Məktub', 'A mail', 'Письмо'), words('Mövzunun məktub hissələri', 'With the theme’s mail parts', 'С частями темы для писем')],
    ['/checks', words('Yoxlama', 'Checks', 'Проверка'), words('Kontrast və xəbərdarlıqlar', 'Contrast and warnings', 'Контраст и предупреждения')],
  ];
  return {
    title: words('Ana səhifə', 'Home', 'Главная'),
    body: (
      <>
        <PageHeading title={theme.name[language]} lead={words('Dövlətin hansı süni intellekt sistemlərindən istifadə etdiyini burada görə bilərsiniz.', 'See here which systems of artificial intelligence public bodies use.', 'Здесь видно, какие системы искусственного интеллекта применяют государственные органы.')} />
        <SearchBox action="/register" size="large" label={words('Reyestrdə axtarın', 'Search the register', 'Поиск по реестру')} hint={words('Məsələn: vergi, xəstəxana', 'For example: tax, hospital', 'Например: налог, больница')} />
        <Stats>
          <Stat label={words('Qeydiyyatda olan sistem', 'Registered systems', 'Систем в реестре')} value={128} note={words('uydurma rəqəm', 'an invented figure', 'вымышленная цифра')} />
          <Stat label={words('Yüksək riskli', 'High-risk', 'Высокого риска')} value={17} />
          <Stat label={words('Qurum', 'Bodies', 'Органов')} value={31} />
        </Stats>
        <Section title={words('Bu önizləmədə', 'In this preview', 'В этом предпросмотре')}>
          <Grid>
            {links.map(([href, title, lead]) => (
              <Card key={href} href={href} title={title}>
                <p>{lead}</p>
              </Card>
            ))}
          </Grid>
        </Section>
      </>
    ),
  };
}

interface Sample {
  readonly name: string;
  readonly body: string;
  readonly status: 'registered' | 'submitted' | 'draft' | 'withdrawn';
  readonly persons: number;
}

const samples = (words: Say): readonly Sample[] => [
  { name: words('Müraciətlərin bölüşdürülməsi', 'Sorting of letters', 'Распределение обращений'), body: words('A qurumu', 'Body A', 'Орган А'), status: 'registered', persons: 128_400 },
  { name: words('Vergi riskinin qiymətləndirilməsi', 'Assessment of tax risk', 'Оценка налогового риска'), body: words('B qurumu', 'Body B', 'Орган Б'), status: 'registered', persons: 86_012 },
  { name: words('Enerji sərfiyyatının proqnozu', 'Forecast of energy use', 'Прогноз расхода энергии'), body: words('C qurumu', 'Body C', 'Орган В'), status: 'submitted', persons: 0 },
  { name: words('İmtahan işlərinin ilkin yoxlanması', 'First reading of exam papers', 'Первичная проверка экзаменационных работ'), body: words('D qurumu', 'Body D', 'Орган Г'), status: 'withdrawn', persons: 4500 },
];

function registerPage(words: Say): Page {
  return {
    title: words('Reyestr', 'Register', 'Реестр'),
    wide: true,
    body: (
      <>
        <PageHeading title={words('Süni intellekt sistemləri', 'AI systems', 'Системы искусственного интеллекта')} lead={words('4 uydurma qeyd', '4 invented entries', '4 вымышленные записи')} />
        <WithAside
          label={words('Filtrlər', 'Filters', 'Фильтры')}
          aside={
            <Facets
              action="/register"
              groups={[
                { name: 'status', legend: words('Vəziyyət', 'State', 'Состояние'), options: [{ value: 'registered', label: words('Qeydiyyatda', 'Registered', 'В реестре'), count: 2, checked: true }, { value: 'submitted', label: words('Təqdim edilib', 'Submitted', 'Подано'), count: 1 }] },
                { name: 'sector', legend: words('Sahə', 'Sector', 'Сфера'), options: [{ value: 'tax', label: words('Vergi', 'Tax', 'Налоги'), count: 1 }, { value: 'energy', label: words('Enerji', 'Energy', 'Энергетика'), count: 1 }] },
              ]}
              clearHref="/register"
            />
          }
        >
          <SearchBox action="/register" label={words('Reyestrdə axtarın', 'Search the register', 'Поиск по реестру')} />
          <Table
            caption={words('Sistemlər', 'Systems', 'Системы')}
            captionHidden
            phone="stack"
            rows={samples(words)}
            columns={[
              { key: 'name', head: words('Ad', 'Name', 'Название'), rowHead: true, cell: (row) => <a href="/entry">{row.name}</a> },
              { key: 'body', head: words('Qurum', 'Body', 'Орган'), cell: (row) => row.body },
              { key: 'status', head: words('Vəziyyət', 'State', 'Состояние'), cell: (row) => <StatusTag status={row.status} /> },
              { key: 'persons', head: words('Əhatə olunan şəxslər', 'Persons reached', 'Охвачено людей'), numeric: true, cell: (row) => row.persons },
            ]}
          />
        </WithAside>
      </>
    ),
  };
}

function entryPage(words: Say): Page {
  const [, tax] = samples(words);
  const name = tax?.name ?? '';
  return {
    title: name,
    body: (
      <>
        <Breadcrumbs items={[{ href: '/register', label: words('Reyestr', 'Register', 'Реестр') }, { label: name }]} />
        <PageHeading caption={tax?.body} title={name} tags={<><StatusTag status="registered" /><Tag tone="warning" mark="full">{words('Yüksək risk', 'High risk', 'Высокий риск')}</Tag></>} lead={words('Hansı bəyannamənin yoxlanacağını təklif edir; qərarı müfəttiş verir.', 'Suggests which return to examine; an inspector decides.', 'Предлагает, какую декларацию проверить; решает инспектор.')} />
        <Notice tone="info" title={words('Uydurma qeyd', 'An invented entry', 'Вымышленная запись')}>
          <p>{words('Bu səhifə yalnız mövzunu göstərmək üçündür.', 'This page only shows the theme.', 'Эта страница только показывает тему.')}</p>
        </Notice>
        <Section title={words('Məlumat', 'Facts', 'Сведения')}>
          <SummaryList
            rows={[
              { label: words('Qurum', 'Body', 'Орган'), value: tax?.body },
              { label: words('Məqsəd', 'Purpose', 'Цель'), value: words('Yoxlamalar üçün sıra təklif etmək', 'To suggest an order of examinations', 'Предложить порядок проверок') },
              { label: words('İnsan nəzarəti', 'Human oversight', 'Надзор человека'), value: words('Hər təklifə müfəttiş baxır', 'An inspector looks at each suggestion', 'Каждое предложение смотрит инспектор') },
              { label: words('Məlumat mənbəyi', 'Data', 'Данные') },
            ]}
          />
        </Section>
        <Section title={words('Hansı qaydalar aiddir', 'Which rules apply', 'Какие правила применимы')}>
          <SummaryList rows={[{ label: words('Şəffaflıq', 'Transparency', 'Прозрачность'), value: <ResultTag result="holds" /> }, { label: words('Qadağan olunmuş təcrübə', 'Prohibited practice', 'Запрещённая практика'), value: <ResultTag result="fails" /> }, { label: words('Təsirin qiymətləndirilməsi', 'Impact assessment', 'Оценка воздействия'), value: <ResultTag result="undetermined" /> }, { label: words('Biometriya', 'Biometrics', 'Биометрия'), value: <ResultTag result="disputed" /> }]} />
          <Details summary={words('Necə hesablanıb?', 'How was this worked out?', 'Как это получено?')}>
            <p>{words('Nəticə verilən cavablara və göstərilən tarixə əsaslanır.', 'The result rests on the answers given and on the date shown.', 'Вывод опирается на данные ответы и указанную дату.')}</p>
          </Details>
        </Section>
        <Section title={words('Tarixçə', 'History', 'История')}>
          <Timeline items={[{ title: words('Qeydiyyata alındı', 'Registered', 'Зарегистрирована'), date: '2026-03-02', kind: 'important' }, { title: words('Təqdim edildi', 'Submitted', 'Подана'), date: '2026-02-11' }]} />
        </Section>
        <ButtonRow>
          <LinkButton href="/register">{words('Reyestrə qayıt', 'Back to the register', 'Назад к реестру')}</LinkButton>
          <LinkButton href="/entry" tone="secondary">{words('Səhv barədə bildir', 'Report an error', 'Сообщить об ошибке')}</LinkButton>
        </ButtonRow>
      </>
    ),
  };
}

function checksPage(theme: Theme, problems: readonly ThemeProblem[], words: Say): Page {
  const schemes = { light: words('İşıqlı', 'Light', 'Светлая'), dark: words('Tünd', 'Dark', 'Тёмная') };
  return {
    title: words('Yoxlama', 'Checks', 'Проверка'),
    wide: true,
    body: (
      <>
        <PageHeading title={words('Yoxlama', 'Checks', 'Проверка')} lead={words('Rəng cütlərinin kontrastı (WCAG 2.2).', 'Contrast of the pairs of colours (WCAG 2.2).', 'Контраст пар цветов (WCAG 2.2).')} />
        {problems.map((problem) => (
          <Notice key={`${problem.file}${problem.path}${problem.rule}`} tone={problem.severity === 'error' ? 'error' : 'warning'} title={`${problem.file}:${problem.line} ${problem.rule}`}>
            <p lang="en">{`${problem.message} ${problem.next}`}</p>
          </Notice>
        ))}
        {SCHEMES.map((scheme) => (
          <Section key={scheme} title={schemes[scheme]}>
            <Table
              caption={`${words('Kontrast', 'Contrast', 'Контраст')}: ${schemes[scheme]}`}
              captionHidden
              dense
              rows={measure(theme.colours[scheme])}
              columns={[
                { key: 'pair', head: words('Cüt', 'Pair', 'Пара'), rowHead: true, cell: (pair) => <code>{`${pair.foreground} / ${pair.background}`}</code> },
                { key: 'values', head: words('Rənglər', 'Colours', 'Цвета'), cell: (pair): VNode => <code>{`${theme.colours[scheme][pair.foreground]} / ${theme.colours[scheme][pair.background]}`}</code> },
                { key: 'ratio', head: words('Nisbət', 'Ratio', 'Отношение'), numeric: true, cell: (pair) => ratioInWords(pair.ratio) },
                { key: 'least', head: words('Ən azı', 'At least', 'Не менее'), numeric: true, cell: (pair) => ratioInWords(pair.least) },
              ]}
            />
          </Section>
        ))}
      </>
    ),
  };
}

/** Every kind of block once, in the reader's language. */
export function previewDocument(language: Language): { readonly title: string; readonly subtitle: string; readonly date: string; readonly blocks: readonly DocumentBlock[] } {
  const words = say(language);
  return {
    title: words('Önizləmə sənədi', 'Preview document', 'Документ для предпросмотра'),
    subtitle: words('Uydurma məzmun, hüquqi qüvvəsi yoxdur', 'Invented content without legal effect', 'Вымышленное содержание без юридической силы'),
    date: words('önizləmə', 'preview', 'предпросмотр'),
    blocks: [
      { kind: 'notice', tone: 'warning', text: words('Bu sənəd yalnız mövzunun görünüşünü göstərir.', 'This document only shows the look of the theme.', 'Этот документ лишь показывает вид темы.') },
      { kind: 'heading', level: 1, text: words('Sistem', 'The system', 'Система') },
      { kind: 'facts', rows: [[words('Ad', 'Name', 'Название'), samples(words)[1]?.name ?? ''], [words('Qurum', 'Body', 'Орган'), samples(words)[1]?.body ?? '']] },
      { kind: 'heading', level: 2, text: words('Nəticə', 'Result', 'Вывод') },
      { kind: 'paragraph', text: words('Göstərilən faktlar və tarix üzrə sistem yüksək risklidir.', 'On the facts and the date shown the system is high-risk.', 'По указанным фактам и дате система относится к высокому риску.') },
      { kind: 'list', items: [words('İnsan nəzarəti tələb olunur.', 'Human oversight is required.', 'Требуется надзор человека.'), words('Qeydiyyat tələb olunur.', 'Registration is required.', 'Требуется регистрация.')] },
      { kind: 'table', columns: [{ label: words('Vəzifə', 'Duty', 'Обязанность'), width: 3 }, { label: words('Tarix', 'Date', 'Дата') }], rows: [[words('Reyestrə daxil etmək', 'Enter it in the register', 'Внести в реестр'), '2026-12-02'], [words('Şəxslərə bildirmək', 'Tell the persons', 'Уведомить людей'), '2027-03-01']] },
    ],
  };
}
