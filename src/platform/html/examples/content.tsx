/** Examples of what pages show: facts, states, tables, history, pictures. */

import { barChart, dotChart, histogram, lineChart, stackedBarChart } from '../../charts/index.ts';
import {
  Card,
  ChartFigure,
  Code,
  Details,
  DiffView,
  EmptyState,
  Figure,
  LinkButton,
  Notice,
  Progress,
  ResultTag,
  Stat,
  Stats,
  StatusTag,
  SummaryList,
  Table,
  Tag,
  TagList,
  Timeline,
} from '../components/index.ts';
import type { ComponentExamples, Say } from './model.ts';

/** Values between 0 and 1 spread like a bell, without randomness. */
const BELL = Array.from({ length: 240 }, (_, index) => 0.5 + 0.16 * (Math.sin(index * 12.9898) + Math.sin(index * 78.233) + Math.sin(index * 37.719)) * 0.8);

const systems = (say: Say): readonly { name: string; body: string; status: 'registered' | 'submitted' | 'draft' | 'withdrawn'; decisions: number; since: string }[] => [
  { name: say('Nümunə: müraciətlərin bölüşdürülməsi', 'Example: sorting of letters', 'Пример: распределение обращений'), body: say('A qurumu', 'Body A', 'Орган А'), status: 'registered', decisions: 128_400, since: '2024-03-01' },
  { name: say('Nümunə: enerji proqnozu', 'Example: energy forecast', 'Пример: прогноз энергии'), body: say('B qurumu', 'Body B', 'Орган Б'), status: 'submitted', decisions: 8760, since: '2025-01-15' },
  { name: say('Nümunə: imtahan yoxlaması', 'Example: grading of exams', 'Пример: проверка экзаменов'), body: say('C qurumu', 'Body C', 'Орган В'), status: 'draft', decisions: 0, since: '2026-09-01' },
];

export const contentExamples: readonly ComponentExamples[] = [
  {
    component: 'Card',
    purpose: { az: 'Seçiləcək bir neçə şeydən biri.', en: 'One of a handful of things to choose from.', ru: 'Один из нескольких предметов выбора.' },
    examples: [
      {
        name: 'link-with-tag',
        render: (say) => (
          <Card href="#Card" title={say('Müraciətlərin bölüşdürülməsi', 'Sorting of letters', 'Распределение обращений')} meta={<StatusTag status="registered" />} footer={say('A qurumu', 'Body A', 'Орган А')}>
            <p>{say('Gələn müraciətləri mövzuya görə ayırır; qərarı əməkdaş verir.', 'Sorts incoming letters by topic; an officer decides.', 'Распределяет входящие обращения по темам; решение принимает сотрудник.')}</p>
          </Card>
        ),
      },
    ],
  },
  {
    component: 'ChartFigure',
    purpose: { az: 'Diaqram və onun rəqəmləri; skriptsiz.', en: 'A chart with its figures, without script.', ru: 'Диаграмма и её цифры, без скриптов.' },
    examples: [
      {
        name: 'bars',
        render: (say, language) => (
          <ChartFigure
            title={say('Nümunə: sahələr üzrə sistemlər', 'Example: systems by sector', 'Пример: системы по сферам')}
            note={say('Ən çox sistem səhiyyədədir.', 'Health has the most systems.', 'Больше всего систем в здравоохранении.')}
            source={say('uydurulmuş rəqəmlər', 'invented figures', 'вымышленные цифры')}
            chart={barChart({
              language,
              categoryLabel: say('Sahə', 'Sector', 'Сфера'),
              valueLabel: say('Sistemlər', 'Systems', 'Системы'),
              bars: [
                { label: say('Səhiyyə', 'Health', 'Здравоохранение'), value: 1412 },
                { label: say('Sosial müdafiə və məşğulluq', 'Social protection and employment', 'Социальная защита и занятость'), value: 867 },
                { label: say('Nəqliyyat', 'Transport', 'Транспорт'), value: 530 },
                { label: say('Məhkəmə və hüquq-mühafizə orqanları', 'Courts and law enforcement', 'Суды и правоохранительные органы'), value: 96 },
                { label: say('Təhsil', 'Education', 'Образование'), value: 0 },
              ],
            })}
          />
        ),
      },
      {
        name: 'stacked-bars',
        render: (say, language) => (
          <ChartFigure
            title={say('Nümunə: qərarların vəziyyəti', 'Example: state of decisions', 'Пример: состояние решений')}
            chart={stackedBarChart({
              language,
              categoryLabel: say('Qurum', 'Body', 'Орган'),
              valueLabel: say('Sistemlər', 'Systems', 'Системы'),
              series: [say('Tətbiq olunur', 'Applies', 'Применяется'), say('Açıqdır', 'Open', 'Открыто'), say('Tətbiq olunmur', 'Does not apply', 'Не применяется'), say('Mübahisəlidir', 'Disputed', 'Спорно')],
              bars: [
                { label: say('A qurumu', 'Body A', 'Орган А'), values: [12, 30, 41, 2] },
                { label: say('B qurumu', 'Body B', 'Орган Б'), values: [4, 8, 22, 0] },
                { label: say('C qurumu', 'Body C', 'Орган В'), values: [9, 3, 6, 5] },
              ],
            })}
          />
        ),
      },
      {
        name: 'lines',
        render: (say, language) => (
          <ChartFigure
            title={say('Nümunə: qeydiyyatın gedişi', 'Example: registrations over time', 'Пример: ход регистрации')}
            chart={lineChart({
              language,
              categoryLabel: say('Tarix', 'Date', 'Дата'),
              valueLabel: say('Sistemlər', 'Systems', 'Системы'),
              series: [say('Qeydiyyata alınıb', 'Registered', 'Зарегистрировано'), say('Təqdim edilib', 'Submitted', 'Подано')],
              points: [
                { at: '2026-01-01', values: [0, 40] },
                { at: '2026-03-01', values: [120, 260] },
                { at: '2026-05-01', values: [410, 520] },
                { at: '2026-07-01', values: [760, 905] },
                { at: '2026-09-01', values: [1180, 1260] },
                { at: '2026-11-01', values: [1410, 1512] },
              ],
            })}
          />
        ),
      },
      {
        name: 'one-line',
        render: (say, language) => (
          <ChartFigure
            title={say('Nümunə: illər üzrə şikayətlər', 'Example: complaints by year', 'Пример: жалобы по годам')}
            chart={lineChart({
              language,
              categoryLabel: say('İl', 'Year', 'Год'),
              valueLabel: say('Şikayətlər', 'Complaints', 'Жалобы'),
              series: [say('Şikayətlər', 'Complaints', 'Жалобы')],
              points: [12, 18, 31, 44, 39, 52].map((value, index) => ({ at: `${2020 + index}-01-01`, values: [value] })),
            })}
          />
        ),
      },
      {
        name: 'dots',
        render: (say, language) => (
          <ChartFigure
            title={say('Nümunə: xərc və qərarlar', 'Example: cost and decisions', 'Пример: расходы и решения')}
            chart={dotChart({
              language,
              categoryLabel: say('İllik xərc, min AZN', 'Yearly cost, thousand AZN', 'Годовые расходы, тыс. AZN'),
              valueLabel: say('Qərarlar', 'Decisions', 'Решения'),
              dots: BELL.slice(0, 40).map((value, index) => ({ x: Math.round(value * 400), y: Math.round(value * 90 + ((index * 37) % 40)) })),
            })}
          />
        ),
      },
      {
        name: 'histogram',
        render: (say, language) => (
          <ChartFigure
            title={say('Nümunə: balların paylanması', 'Example: spread of scores', 'Пример: распределение баллов')}
            chart={histogram({ language, categoryLabel: say('Bal', 'Score', 'Балл'), valueLabel: say('Hallar', 'Cases', 'Случаи'), values: BELL, bins: 10 })}
          />
        ),
      },
    ],
  },
  {
    component: 'Code',
    purpose: { az: 'Proqram və fayl mətni, olduğu kimi.', en: 'Text of programs and files as it stands.', ru: 'Текст программ и файлов как есть.' },
    examples: [{ name: 'yaml', render: () => <Code>{'applies-from:\n  - { from: 2026-08-02, source: "Reg. (EU) 2024/1689 Art. 113" }'}</Code> }],
  },
  {
    component: 'Details',
    purpose: { az: 'Az adama lazım olan mətni gizlədir.', en: 'Folds away what few need.', ru: 'Сворачивает то, что нужно немногим.' },
    examples: [
      {
        name: 'folded',
        render: (say) => (
          <Details summary={say('Bu necə hesablanır?', 'How is this worked out?', 'Как это рассчитано?')}>
            <p>{say('Hər rejim faktlardan ayrıca çıxarılır.', 'Each regime is derived from the facts on its own.', 'Каждый режим выводится из фактов отдельно.')}</p>
          </Details>
        ),
      },
    ],
  },
  {
    component: 'DiffView',
    purpose: { az: 'İki vəziyyət arasında nə dəyişdiyini göstərir.', en: 'Shows what changed between two states.', ru: 'Показывает, что изменилось между двумя состояниями.' },
    examples: [
      {
        name: 'changed-added-removed',
        render: (say) => (
          <DiffView
            changes={[
              {
                label: say('Məqsəd', 'Purpose', 'Назначение'),
                before: say('Müraciətləri mövzuya görə ayırır və cavab hazırlayır.', 'Sorts letters by topic and drafts replies.', 'Распределяет обращения по темам и готовит ответы.'),
                after: say('Müraciətləri mövzuya görə ayırır; qərarı əməkdaş verir.', 'Sorts letters by topic; an officer decides.', 'Распределяет обращения по темам; решение принимает сотрудник.'),
              },
              { label: say('Təchizatçı', 'Provider', 'Поставщик'), after: say('Öz hazırlığımız', 'Own development', 'Собственная разработка') },
              { label: say('Qeyd', 'Note', 'Примечание'), before: say('Sınaq', 'Trial', 'Испытание') },
            ]}
          />
        ),
      },
      { name: 'nothing', render: () => <DiffView changes={[]} /> },
    ],
  },
  {
    component: 'EmptyState',
    purpose: { az: 'Boş siyahı niyə boş olduğunu və növbəti addımı deyir.', en: 'An empty list says why, and what to do next.', ru: 'Пустой список объясняет почему и что делать дальше.' },
    examples: [
      {
        name: 'with-next-step',
        render: (say) => (
          <EmptyState
            level={3}
            title={say('Bu sözlərlə sistem tapılmadı', 'No system matches these words', 'По этим словам систем не найдено')}
            action={
              <LinkButton href="#EmptyState" tone="secondary">
                {say('Bütün sistemləri göstər', 'Show all systems', 'Показать все системы')}
              </LinkButton>
            }
          >
            <p>{say('Sözləri qısaldın və ya filtrləri silin.', 'Use fewer words, or clear the filters.', 'Сократите запрос или сбросьте фильтры.')}</p>
          </EmptyState>
        ),
      },
    ],
  },
  {
    component: 'Figure',
    purpose: { az: 'Adı və mənbəyi olan şəkil.', en: 'A picture with a title and a source.', ru: 'Изображение с названием и источником.' },
    examples: [
      {
        name: 'with-source',
        render: (say) => (
          <Figure title={say('Nümunə: paylar', 'Example: shares', 'Пример: доли')} source={say('uydurulmuş rəqəmlər', 'invented figures', 'вымышленные цифры')}>
            <Stats>
              <Stat label={say('Tətbiq olunur', 'Applies', 'Применяется')} value="25 %" />
              <Stat label={say('Açıqdır', 'Open', 'Открыто')} value="41 %" />
            </Stats>
          </Figure>
        ),
      },
    ],
  },
  {
    component: 'Notice',
    purpose: { az: 'Mətndən ayrılan bildiriş.', en: 'A message set apart from the text.', ru: 'Сообщение, выделенное из текста.' },
    examples: [
      { name: 'info', render: (say) => <Notice title={say('Qayda 2 avqust 2026-cı ildən tətbiq olunur', 'The rule applies from 2 August 2026', 'Правило применяется со 2 августа 2026 года')} /> },
      {
        name: 'success',
        render: (say) => (
          <Notice tone="success" title={say('Qeyd təqdim edildi', 'The entry was submitted', 'Запись подана')}>
            <p>{say('Nömrəsi: 1284.', 'Its number is 1284.', 'Её номер: 1284.')}</p>
          </Notice>
        ),
      },
      {
        name: 'warning',
        render: (say) => (
          <Notice tone="warning" title={say('Milli qaydalar yerli hüquqşünası gözləyir', 'National rules await local counsel', 'Национальные правила ждут местного юриста')}>
            <p>{say('Nəticə məlumat üçündür.', 'The result informs; it does not bind.', 'Результат носит справочный характер.')}</p>
          </Notice>
        ),
      },
      {
        name: 'error',
        render: (say) => (
          <Notice tone="error" title={say('Qeyd başqası tərəfindən dəyişdirilib', 'Somebody else changed this entry', 'Запись изменил кто-то другой')}>
            <p>{say('Heç nə üstələnmədi. Fərqə baxıb yenidən saxlayın.', 'Nothing was overwritten. Look at the difference and save again.', 'Ничего не перезаписано. Посмотрите различия и сохраните снова.')}</p>
          </Notice>
        ),
      },
    ],
  },
  {
    component: 'Progress',
    purpose: { az: 'İşin nə qədər getdiyini göstərir.', en: 'How far a piece of work is.', ru: 'Насколько продвинулась работа.' },
    examples: [
      { name: 'known', render: (say) => <Progress id="progress-known" label={say('Sətirlər oxunur', 'Reading rows', 'Чтение строк')} done={1138} total={1757} note={say('3 sətirdə problem var', '3 rows have problems', 'Проблемы в 3 строках')} /> },
      { name: 'unknown', render: (say) => <Progress id="progress-unknown" label={say('Fayl yoxlanılır', 'Checking the file', 'Проверка файла')} /> },
    ],
  },
  {
    component: 'ResultTag',
    purpose: { az: 'Hüquqi qaydanın nəticəsi.', en: 'Result of a legal rule.', ru: 'Результат правовой нормы.' },
    examples: (['holds', 'fails', 'undetermined', 'disputed'] as const).map((result) => ({ name: result, render: () => <ResultTag result={result} /> })),
  },
  {
    component: 'Stat',
    purpose: { az: 'Adı olan bir rəqəm; Stats siyahısında dayanır.', en: 'One figure with a name; stands in Stats.', ru: 'Одна цифра с названием; стоит в списке Stats.' },
    examples: [
      {
        name: 'three',
        render: (say) => (
          <Stats>
            <Stat label={say('sistem', 'systems', 'систем')} value={12840} href="#Stat" />
            <Stat label={say('qurum', 'bodies', 'органов')} value={37} />
            <Stat label={say('açıq sual', 'open questions', 'открытых вопросов')} value={402} note={say('keçən ay 611 idi', '611 a month ago', 'месяц назад было 611')} />
          </Stats>
        ),
      },
    ],
  },
  {
    component: 'StatusTag',
    purpose: { az: 'Reyestr qeydinin statusu.', en: 'Status of an entry of the register.', ru: 'Статус записи реестра.' },
    examples: (['draft', 'submitted', 'registered', 'withdrawn'] as const).map((status) => ({ name: status, render: () => <StatusTag status={status} /> })),
  },
  {
    component: 'SummaryList',
    purpose: { az: 'Bir şeyin adları və qiymətləri.', en: 'Names and values of one thing.', ru: 'Названия и значения одного предмета.' },
    examples: [
      {
        name: 'with-actions',
        render: (say) => (
          <SummaryList
            rows={[
              { label: say('Ad', 'Name', 'Название'), value: say('Müraciətlərin bölüşdürülməsi', 'Sorting of letters', 'Распределение обращений'), action: { href: '#SummaryList', label: say('Dəyiş', 'Change', 'Изменить'), about: say('ad', 'name', 'название') } },
              {
                label: say('Məqsəd', 'Purpose', 'Назначение'),
                value: say('Gələn müraciətləri mövzuya görə ayırır. Qərarı həmişə əməkdaş verir.', 'Sorts incoming letters by topic. An officer always decides.', 'Распределяет входящие обращения по темам. Решение всегда принимает сотрудник.'),
                action: { href: '#SummaryList', label: say('Dəyiş', 'Change', 'Изменить'), about: say('məqsəd', 'purpose', 'назначение') },
              },
              { label: say('Təchizatçı', 'Provider', 'Поставщик') },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'Table',
    purpose: { az: 'Məlumat cədvəli; telefonda öz çərçivəsində sürüşür.', en: 'A table of data; scrolls in its own frame on a phone.', ru: 'Таблица данных; на телефоне прокручивается в своей рамке.' },
    examples: [
      {
        name: 'sortable-scrolling',
        render: (say) => (
          <Table
            caption={say('Sistemlər', 'Systems', 'Системы')}
            rows={systems(say)}
            columns={[
              { key: 'name', head: say('Ad', 'Name', 'Название'), rowHead: true, width: 'wide', sort: { href: '#Table', direction: 'ascending' }, cell: (row) => <a href="#Table">{row.name}</a> },
              { key: 'body', head: say('Qurum', 'Body', 'Орган'), sort: { href: '#Table' }, cell: (row) => row.body },
              { key: 'status', head: say('Status', 'Status', 'Статус'), cell: (row) => <StatusTag status={row.status} /> },
              { key: 'since', head: say('Başlanğıc', 'Since', 'Начало'), cell: (row) => <span class="nowrap">{row.since}</span> },
              { key: 'decisions', head: say('İldə qərarlar', 'Decisions a year', 'Решений в год'), numeric: true, sort: { href: '#Table' }, cell: (row) => row.decisions },
            ]}
          />
        ),
      },
      {
        name: 'stacked-on-a-phone',
        render: (say) => (
          <Table
            phone="stack"
            caption={say('Siyahı', 'List', 'Список')}
            rows={systems(say)}
            columns={[
              { key: 'name', head: say('Ad', 'Name', 'Название'), rowHead: true, cell: (row) => <a href="#Table">{row.name}</a> },
              { key: 'body', head: say('Qurum', 'Body', 'Орган'), cell: (row) => row.body },
              { key: 'status', head: say('Status', 'Status', 'Статус'), cell: (row) => <StatusTag status={row.status} /> },
            ]}
          />
        ),
      },
      { name: 'empty', render: (say) => <Table caption={say('Boş cədvəl', 'Empty table', 'Пустая таблица')} rows={[] as readonly string[]} columns={[{ key: 'name', head: say('Ad', 'Name', 'Название'), cell: (row) => row }]} /> },
    ],
  },
  {
    component: 'Tag',
    purpose: { az: 'Vəziyyətin qısa adı; məna sözdədir, rəngdə yox.', en: 'A short label of state; the words carry the meaning.', ru: 'Краткая метка состояния; смысл несут слова, а не цвет.' },
    examples: [
      { name: 'neutral', render: (say) => <Tag>{say('Nümunə məlumat', 'Sample data', 'Учебные данные')}</Tag> },
      { name: 'error-full', render: (say) => <Tag tone="error" mark="full">{say('Qadağan olunub', 'Prohibited', 'Запрещено')}</Tag> },
      { name: 'warning-half', render: (say) => <Tag tone="warning" mark="half">{say('Ehtimal ki, yüksək risk', 'Probably high-risk', 'Вероятно, высокий риск')}</Tag> },
      { name: 'info', render: (say) => <Tag tone="info">{say('Yeni', 'New', 'Новое')}</Tag> },
    ],
  },
  {
    component: 'TagList',
    purpose: { az: 'Etiketlə başlayan sətirlər.', en: 'Lines that begin with a tag.', ru: 'Строки, начинающиеся с метки.' },
    examples: [
      {
        name: 'results',
        render: (say) => (
          <TagList
            items={[
              { tag: <ResultTag result="holds" />, text: <a href="#TagList">{say('Yüksək risk', 'High risk', 'Высокий риск')}</a>, note: say('Əlavə III, 4(a) bəndi', 'Annex III, point 4(a)', 'Приложение III, пункт 4(a)') },
              { tag: <ResultTag result="undetermined" />, text: say('Şəffaflıq vəzifəsi', 'Transparency duty', 'Обязанность прозрачности') },
              { tag: <ResultTag result="fails" />, text: say('Qadağan olunmuş təcrübə', 'Prohibited practice', 'Запрещённая практика') },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'Timeline',
    purpose: { az: 'Nə vaxt nə olub.', en: 'What happened when.', ru: 'Что и когда произошло.' },
    examples: [
      {
        name: 'past-and-future',
        render: (say) => (
          <Timeline
            items={[
              { date: '2027-12-02', kind: 'future', title: say('Əlavə III üzrə vəzifələr başlayır', 'Duties for Annex III begin', 'Начинают действовать обязанности по приложению III') },
              {
                date: '2026-03-14',
                kind: 'important',
                title: say('Qeydə alındı', 'Registered', 'Зарегистрировано'),
                children: <p>{say('Rejimlər hesablandı; iki sual açıq qaldı.', 'Regimes were decided; two questions stayed open.', 'Режимы определены; два вопроса остались открытыми.')}</p>,
              },
              { date: '2026-02-02', title: say('Qaralama yaradıldı', 'Draft created', 'Создан черновик'), href: '#Timeline' },
            ]}
          />
        ),
      },
    ],
  },
];
