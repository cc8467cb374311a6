/** Examples of the places of a page and the ways within it. */

import { BackLink, Breadcrumbs, Card, Grid, LinkButton, PageHeading, Pagination, Prose, Section, StatusTag, Stepper, SummaryList, Tabs, TaskList, WithAside } from '../components/index.ts';
import type { ComponentExamples } from './model.ts';

export const placeExamples: readonly ComponentExamples[] = [
  {
    component: 'BackLink',
    purpose: { az: 'Bir addım geri.', en: 'One step back.', ru: 'На шаг назад.' },
    examples: [{ name: 'default', render: () => <BackLink href="#BackLink" /> }],
  },
  {
    component: 'Breadcrumbs',
    purpose: { az: 'Səhifənin saytdakı yeri.', en: 'Where the page stands in the site.', ru: 'Место страницы на сайте.' },
    examples: [
      {
        name: 'three-levels',
        render: (say) => (
          <Breadcrumbs items={[{ href: '#Breadcrumbs', label: say('Reyestr', 'Register', 'Реестр') }, { href: '#Breadcrumbs', label: say('A qurumu', 'Body A', 'Орган А') }, { label: say('Müraciətlərin bölüşdürülməsi', 'Sorting of letters', 'Распределение обращений') }]} />
        ),
      },
    ],
  },
  {
    component: 'Grid',
    purpose: { az: 'Nə qədər sütun sığarsa.', en: 'As many columns as fit.', ru: 'Столько столбцов, сколько помещается.' },
    examples: [
      {
        name: 'cards',
        render: (say) => (
          <Grid size="small">
            <Card title={say('Reyestr', 'Register', 'Реестр')} href="#Grid">
              <p>{say('Bütün sistemlər', 'All systems', 'Все системы')}</p>
            </Card>
            <Card title={say('Hüquq', 'Law', 'Право')} href="#Grid">
              <p>{say('Qaydalar və tarixlər', 'Rules and dates', 'Нормы и даты')}</p>
            </Card>
          </Grid>
        ),
      },
    ],
  },
  {
    component: 'PageHeading',
    purpose: { az: 'Səhifənin adı, növü və düymələri.', en: 'Title of a page, its kind and its buttons.', ru: 'Название страницы, её вид и кнопки.' },
    examples: [
      {
        name: 'system',
        render: (say) => (
          <PageHeading
            caption={say('Süni intellekt sistemi № 1284', 'AI system no. 1284', 'Система ИИ № 1284')}
            title={say('Müraciətlərin bölüşdürülməsi', 'Sorting of letters', 'Распределение обращений')}
            tags={<StatusTag status="registered" />}
            lead={say('Gələn müraciətləri mövzuya görə ayırır; qərarı əməkdaş verir.', 'Sorts incoming letters by topic; an officer decides.', 'Распределяет входящие обращения по темам; решение принимает сотрудник.')}
            actions={
              <LinkButton href="#PageHeading" tone="secondary">
                {say('Redaktə et', 'Edit', 'Изменить')}
              </LinkButton>
            }
          />
        ),
      },
    ],
  },
  {
    component: 'Pagination',
    purpose: { az: 'Siyahının əvvəlki və növbəti səhifəsi.', en: 'Previous and next page of a list.', ru: 'Предыдущая и следующая страницы списка.' },
    examples: [
      { name: 'middle', render: (say) => <Pagination label={say('Nümunə siyahı', 'Example list', 'Пример списка')} previous="#Pagination" next="#Pagination" summary={say('Cəmi 1.757 sistemdən 50-si', '50 of 1,757 systems', '50 из 1757 систем')} /> },
    ],
  },
  {
    component: 'Prose',
    purpose: { az: 'Rahat oxunan mətn.', en: 'Running text in a comfortable line.', ru: 'Текст с удобной длиной строки.' },
    examples: [
      {
        name: 'paragraphs',
        render: (say) => (
          <Prose>
            <p>
              {say(
                'Mizan insanlara nəzarət etmir. O, qurumların təqdim etdiyi məlumatı qəbul edir, hansı qaydanın hansı gündən tətbiq olunduğunu göstərir və hər nəticənin səbəbini izah edir.',
                'Mizan does not watch people. It takes what bodies submit, shows which rule applies from which day, and gives the reason for every result.',
                'Mizan не следит за людьми. Он принимает сведения от органов, показывает, какая норма и с какого дня применяется, и объясняет каждый результат.',
              )}
            </p>
            <ul>
              <li>{say('Bilinməyən fakt açıq qalır.', 'A fact that is not known stays open.', 'Неизвестный факт остаётся открытым.')}</li>
              <li>
                {say('Hər qaydanın mənbəyi var: ', 'Every rule has a source: ', 'У каждой нормы есть источник: ')}
                <a href="https://eur-lex.europa.eu/eli/reg/2024/1689/oj">EUR-Lex</a>.
              </li>
            </ul>
          </Prose>
        ),
      },
    ],
  },
  {
    component: 'Section',
    purpose: { az: 'Başlığı olan hissə.', en: 'A part of a page with a heading.', ru: 'Часть страницы с заголовком.' },
    examples: [
      {
        name: 'level-three',
        render: (say) => (
          <Section level={3} title={say('Nə hələ açıqdır', 'What is still open', 'Что ещё открыто')} lead={say('İki fakt nəticəni dəyişə bilər.', 'Two facts can change the result.', 'Два факта могут изменить результат.')}>
            <p>{say('Cavab verin və ya operatora göndərin.', 'Answer them, or pass them to the operator.', 'Ответьте на них или передайте оператору.')}</p>
          </Section>
        ),
      },
    ],
  },
  {
    component: 'Stepper',
    purpose: { az: 'Sabit ardıcıllıqlı işdə harada olduğunuz.', en: 'Where one stands in a fixed order of steps.', ru: 'Где вы находитесь в заданном порядке шагов.' },
    examples: [
      {
        name: 'import',
        render: (say) => (
          <Stepper
            label={say('İdxalın addımları', 'Steps of the import', 'Шаги импорта')}
            steps={[
              { label: say('Fayl', 'File', 'Файл'), state: 'done', href: '#Stepper' },
              { label: say('Sütunlar', 'Columns', 'Столбцы'), state: 'current' },
              { label: say('Yoxlama', 'Preview', 'Проверка'), state: 'todo' },
              { label: say('İdxal', 'Import', 'Импорт'), state: 'todo' },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'Tabs',
    purpose: { az: 'Bir şeyin səhifələri; hər birinin öz ünvanı var.', en: 'Pages of one thing, each with its address.', ru: 'Страницы одного предмета, у каждой свой адрес.' },
    examples: [
      {
        name: 'with-counts',
        render: (say) => (
          <Tabs
            label={say('Sistemin səhifələri', 'Pages of the system', 'Страницы системы')}
            tabs={[
              { href: '#Tabs', label: say('Ümumi', 'Overview', 'Обзор'), current: true },
              { href: '#Tabs-law', label: say('Hüquq', 'Law', 'Право'), count: 4 },
              { href: '#Tabs-history', label: say('Tarixçə', 'History', 'История'), count: 1024 },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'TaskList',
    purpose: { az: 'İstənilən ardıcıllıqla görülən işlər.', en: 'Work to be done in any order.', ru: 'Работа, которую можно делать в любом порядке.' },
    examples: [
      {
        name: 'three-tasks',
        render: (say) => (
          <TaskList
            tasks={[
              { title: say('Sistemi təsvir edin', 'Describe the system', 'Опишите систему'), href: '#TaskList', status: { label: say('Bitib', 'Done', 'Готово'), tone: 'success', mark: 'full' } },
              { title: say('Suallara cavab verin', 'Answer the questions', 'Ответьте на вопросы'), href: '#TaskList', hint: say('6 sual qalıb', '6 questions left', 'Осталось 6 вопросов'), status: { label: say('Davam edir', 'In progress', 'В работе'), tone: 'info', mark: 'half' } },
              { title: say('Təqdim edin', 'Submit', 'Подайте'), hint: say('Əvvəlki işlərdən sonra açılır', 'Opens after the others', 'Откроется после остальных'), status: { label: say('Hələ başlanıla bilməz', 'Cannot start yet', 'Пока недоступно'), mark: 'dashed' } },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'WithAside',
    purpose: { az: 'Mətn və yanındakı hissə.', en: 'A text and what stands beside it.', ru: 'Текст и то, что стоит рядом.' },
    examples: [
      {
        name: 'aside-at-the-end',
        render: (say) => (
          <WithAside side="end" label={say('Qısa məlumat', 'In short', 'Коротко')} aside={<SummaryList compact rows={[{ label: say('Qurum', 'Body', 'Орган'), value: say('A qurumu', 'Body A', 'Орган А') }]} />}>
            <Prose>
              <p>{say('Əsas mətn burada dayanır.', 'The main text stands here.', 'Основной текст стоит здесь.')}</p>
            </Prose>
          </WithAside>
        ),
      },
    ],
  },
];
