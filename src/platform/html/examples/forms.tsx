/** Examples of what forms are made of. */

import {
  Button,
  ButtonRow,
  Checkboxes,
  DateInput,
  ErrorSummary,
  Facets,
  Field,
  FieldRow,
  Fieldset,
  FileUpload,
  Help,
  LinkButton,
  Radios,
  SearchBox,
  Select,
  TextArea,
  TextInput,
} from '../components/index.ts';
import type { ComponentExamples } from './model.ts';

export const formExamples: readonly ComponentExamples[] = [
  {
    component: 'Button',
    purpose: { az: 'Formanı göndərir. Hər səhifədə bir əsas düymə olur.', en: 'Sends a form. A page has one primary button.', ru: 'Отправляет форму. На странице одна главная кнопка.' },
    examples: [
      { name: 'primary', render: (say) => <Button>{say('Yadda saxla və davam et', 'Save and continue', 'Сохранить и продолжить')}</Button> },
      { name: 'secondary', render: (say) => <Button tone="secondary">{say('Qaralama kimi saxla', 'Save as a draft', 'Сохранить как черновик')}</Button> },
      { name: 'danger', render: (say) => <Button tone="danger">{say('Qeydi geri götür', 'Withdraw the entry', 'Отозвать запись')}</Button> },
      { name: 'disabled', render: (say) => <Button disabled>{say('İcra olunur', 'In progress', 'Выполняется')}</Button> },
    ],
  },
  {
    component: 'ButtonRow',
    purpose: { az: 'Düymələri bir sıraya düzür; telefonda alt-alta keçir.', en: 'Holds buttons in a row that wraps on a phone.', ru: 'Собирает кнопки в ряд, который переносится на телефоне.' },
    examples: [
      {
        name: 'primary-and-way-out',
        render: (say) => (
          <ButtonRow>
            <Button>{say('Təqdim et', 'Submit', 'Подать')}</Button>
            <Button tone="secondary" name="later" value="yes">
              {say('Sonra davam et', 'Continue later', 'Продолжить позже')}
            </Button>
            <LinkButton tone="quiet" href="#ButtonRow">
              {say('İmtina', 'Cancel', 'Отмена')}
            </LinkButton>
          </ButtonRow>
        ),
      },
    ],
  },
  {
    component: 'Checkboxes',
    purpose: { az: 'Bir neçə cavab seçmək üçün.', en: 'For choosing any of several answers.', ru: 'Для выбора нескольких ответов.' },
    examples: [
      {
        name: 'with-hints',
        render: (say) => (
          <Checkboxes
            name="affected"
            legend={say('Sistem kimlərə aid qərar verir?', 'Whom does the system decide about?', 'О ком система принимает решения?')}
            hint={say('Uyğun olanların hamısını seçin.', 'Choose all that fit.', 'Выберите все подходящие варианты.')}
            values={['workers']}
            options={[
              { value: 'citizens', label: say('Vətəndaşlar', 'Citizens', 'Граждане') },
              { value: 'workers', label: say('İşçilər və namizədlər', 'Workers and applicants', 'Работники и соискатели'), hint: say('İşə qəbul, qiymətləndirmə, növbələr', 'Hiring, appraisal, shifts', 'Приём на работу, оценка, смены') },
              { value: 'children', label: say('Uşaqlar', 'Children', 'Дети') },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'DateInput',
    purpose: { az: 'Gün: brauzerin öz tarix sahəsi.', en: 'A day, by the browser’s own field.', ru: 'День: собственное поле браузера.' },
    examples: [
      {
        name: 'with-limits',
        render: (say) => (
          <DateInput
            name="in-use-since"
            label={say('Nə vaxtdan istifadə olunur?', 'In use since', 'С какого времени применяется')}
            hint={say('Sistem ilk dəfə real iş üçün işə salınan gün.', 'The day it was first used for real work.', 'День, когда систему впервые применили в работе.')}
            value="2026-02-02"
            min="1990-01-01"
          />
        ),
      },
    ],
  },
  {
    component: 'ErrorSummary',
    purpose: { az: 'Düzəldiləcək yerləri səhifənin başında göstərir; hər sətir öz sahəsinə aparır.', en: 'Tells at the top of the page what to correct; each line leads to its field.', ru: 'Вверху страницы перечисляет, что исправить; каждая строка ведёт к своему полю.' },
    examples: [
      {
        name: 'two-fields',
        render: (say) => (
          <ErrorSummary
            focus={false}
            errors={[
              { field: 'system-name-wrong', message: say('Sistemin adını yazın', 'Enter the name of the system', 'Введите название системы') },
              { field: 'legal-basis-wrong', message: say('Hüquqi əsas seçin', 'Choose a legal basis', 'Выберите правовое основание') },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'Facets',
    purpose: { az: 'Siyahını sayğaclı seçimlərlə daraldır.', en: 'Narrows a list by choices with counts.', ru: 'Сужает список по вариантам с количеством.' },
    examples: [
      {
        name: 'two-groups',
        render: (say) => (
          <Facets
            action="#Facets"
            clearHref="#Facets"
            keep={{ q: 'risk' }}
            groups={[
              {
                name: 'status',
                legend: say('Status', 'Status', 'Статус'),
                options: [
                  { value: 'registered', label: say('Qeydiyyata alınıb', 'Registered', 'Зарегистрировано'), count: 1284, checked: true },
                  { value: 'submitted', label: say('Təqdim edilib', 'Submitted', 'Подано'), count: 96 },
                  { value: 'withdrawn', label: say('Geri götürülüb', 'Withdrawn', 'Отозвано'), count: 12 },
                ],
              },
              {
                name: 'sector',
                legend: say('Sahə', 'Sector', 'Сфера'),
                options: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'].map((letter, index) => ({ value: letter, label: say(`Sahə ${letter}`, `Sector ${letter}`, `Сфера ${letter}`), count: 340 - index * 31 })),
              },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'Field',
    purpose: { az: 'Etiketi, izahı və səhvi istənilən idarə elementinə bağlayır.', en: 'Ties label, hint and error to any control.', ru: 'Связывает подпись, подсказку и ошибку с любым элементом управления.' },
    examples: [
      {
        name: 'own-control',
        render: (say) => (
          <Field id="share" label={say('Avtomatik qərarların payı', 'Share of automatic decisions', 'Доля автоматических решений')} hint={say('0 ilə 100 arasında', 'From 0 to 100', 'От 0 до 100')}>
            {(wiring) => <input class="input input--5" {...wiring} type="text" name="share" inputMode="numeric" />}
          </Field>
        ),
      },
    ],
  },
  {
    component: 'FieldRow',
    purpose: { az: 'Bir neçə qısa sahə və düyməsi bir sətirdə.', en: 'A few short fields and their button on one line.', ru: 'Несколько коротких полей и кнопка в одной строке.' },
    examples: [
      {
        name: 'two-dates',
        render: (say) => (
          <FieldRow>
            <DateInput name="as-of" label={say('Qanun bu tarixə', 'Law as of', 'Закон на дату')} value="2026-08-02" />
            <DateInput name="known-on" label={say('Bu tarixə məlum olan', 'Known on', 'Известно на дату')} value="2026-08-02" />
            <Button tone="secondary">{say('Göstər', 'Show', 'Показать')}</Button>
          </FieldRow>
        ),
      },
    ],
  },
  {
    component: 'Fieldset',
    purpose: { az: 'Bir sualın bir neçə sahəsini birləşdirir.', en: 'Groups several fields of one question.', ru: 'Объединяет несколько полей одного вопроса.' },
    examples: [
      {
        name: 'two-fields',
        render: (say) => (
          <Fieldset id="contact" legend={say('Məsul şəxs', 'Person in charge', 'Ответственное лицо')}>
            <TextInput name="contact-role" label={say('Vəzifə', 'Position', 'Должность')} width="half" />
            <TextInput name="contact-mail" label={say('E-poçt', 'E-mail', 'Эл. почта')} type="email" autocomplete="email" width="half" optional />
          </Fieldset>
        ),
      },
    ],
  },
  {
    component: 'FileUpload',
    purpose: { az: 'Fayl seçmək üçün; ölçü həddi yazılır.', en: 'For choosing a file; the limit is told.', ru: 'Для выбора файла; предел размера указан.' },
    examples: [
      {
        name: 'table-files',
        render: (say) => (
          <FileUpload name="inventory" label={say('Siyahı faylı', 'Inventory file', 'Файл перечня')} hint={say('CSV, XLSX və ya JSON', 'CSV, XLSX or JSON', 'CSV, XLSX или JSON')} accept=".csv,.xlsx,.json" megabytesMax={256} />
        ),
      },
    ],
  },
  {
    component: 'Help',
    purpose: { az: 'Sualın niyə verildiyini izah edir.', en: 'Tells why a question is asked.', ru: 'Объясняет, зачем задан вопрос.' },
    examples: [
      {
        name: 'why',
        render: (say) => (
          <Help>
            <p>
              {say(
                'Cavab sistemin yüksək riskli sayılıb-sayılmadığını dəyişə bilər. Bilmirsinizsə, "bilmirəm" seçin: nəticə açıq qalır.',
                'The answer can change whether the system counts as high-risk. If you do not know, say so: the result stays open.',
                'От ответа может зависеть, считается ли система высокорисковой. Если не знаете, так и укажите: результат останется открытым.',
              )}
            </p>
          </Help>
        ),
      },
    ],
  },
  {
    component: 'LinkButton',
    purpose: { az: 'Düymə kimi görünən keçid.', en: 'A link that looks like a button.', ru: 'Ссылка в виде кнопки.' },
    examples: [
      { name: 'primary', render: (say) => <LinkButton href="#LinkButton">{say('Sistem əlavə et', 'Add a system', 'Добавить систему')}</LinkButton> },
      { name: 'secondary', render: (say) => <LinkButton href="#LinkButton" tone="secondary">{say('CSV kimi yüklə', 'Download as CSV', 'Скачать в CSV')}</LinkButton> },
    ],
  },
  {
    component: 'Radios',
    purpose: { az: 'Bir neçə cavabdan birini seçmək üçün.', en: 'For choosing one of several answers.', ru: 'Для выбора одного ответа из нескольких.' },
    examples: [
      {
        name: 'interview-question',
        render: (say) => (
          <Radios
            name="emotion"
            size="large"
            legend={say('Sistem iş yerində insanların emosiyalarını müəyyən edirmi?', 'Does the system infer emotions of people at work?', 'Определяет ли система эмоции людей на работе?')}
            hint={say('Üz, səs və ya bədən siqnalları əsasında.', 'From faces, voices or signals of the body.', 'По лицу, голосу или сигналам тела.')}
            value="unknown"
            options={[
              { value: 'yes', label: say('Bəli', 'Yes', 'Да'), reveal: <TextInput name="emotion-purpose" label={say('Nə məqsədlə?', 'For what purpose?', 'С какой целью?')} /> },
              { value: 'no', label: say('Xeyr', 'No', 'Нет') },
              { value: 'unknown', label: say('Bilmirəm', 'I do not know', 'Не знаю'), hint: say('Sual açıq qalır.', 'The question stays open.', 'Вопрос останется открытым.') },
            ]}
          />
        ),
      },
      {
        name: 'inline-with-error',
        render: (say) => (
          <Radios
            name="legal-basis-wrong"
            inline
            legend={say('Hüquqi əsas varmı?', 'Is there a legal basis?', 'Есть ли правовое основание?')}
            error={say('Hüquqi əsas seçin', 'Choose a legal basis', 'Выберите правовое основание')}
            options={[
              { value: 'yes', label: say('Bəli', 'Yes', 'Да') },
              { value: 'no', label: say('Xeyr', 'No', 'Нет') },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'SearchBox',
    purpose: { az: 'Ünvanı paylaşıla bilən axtarış.', en: 'A search whose result has an address.', ru: 'Поиск, результат которого имеет адрес.' },
    examples: [
      {
        name: 'large',
        render: (say) => <SearchBox action="#SearchBox" id="search-large" size="large" label={say('Reyestrdə axtarış', 'Search the register', 'Поиск по реестру')} hint={say('Ad, məqsəd və ya qurum', 'Name, purpose or body', 'Название, назначение или орган')} />,
      },
      { name: 'label-hidden', render: (say) => <SearchBox action="#SearchBox" id="search-small" labelHidden label={say('Axtarış', 'Search', 'Поиск')} value={say('vergi', 'tax', 'налог')} /> },
    ],
  },
  {
    component: 'Select',
    purpose: { az: 'Uzun siyahıdan seçim.', en: 'A choice from a long list.', ru: 'Выбор из длинного списка.' },
    examples: [
      {
        name: 'grouped',
        render: (say) => (
          <Select
            name="body"
            label={say('Qurum', 'Body', 'Орган')}
            emptyLabel={say('Bütün qurumlar', 'All bodies', 'Все органы')}
            value="tax"
            options={[
              { group: say('Nazirliklər', 'Ministries', 'Министерства'), options: [{ value: 'health', label: say('Səhiyyə', 'Health', 'Здравоохранение') }, { value: 'tax', label: say('Vergi', 'Tax', 'Налоги') }] },
              { group: say('Bələdiyyələr', 'Municipalities', 'Муниципалитеты'), options: [{ value: 'city', label: say('Şəhər', 'City', 'Город') }] },
            ]}
          />
        ),
      },
    ],
  },
  {
    component: 'TextArea',
    purpose: { az: 'Bir neçə sətir mətn.', en: 'Several lines of text.', ru: 'Несколько строк текста.' },
    examples: [
      {
        name: 'with-hint',
        render: (say) => (
          <TextArea
            name="purpose"
            label={say('Məqsəd', 'Purpose', 'Назначение')}
            hint={say('Sistem nə edir və nəticəsindən kim istifadə edir?', 'What does the system do, and who uses its output?', 'Что делает система и кто пользуется результатом?')}
            rows={4}
            value={say('Müraciətləri mövzuya görə ayırır; qərarı əməkdaş verir.', 'Sorts letters by topic; an officer decides.', 'Распределяет обращения по темам; решение принимает сотрудник.')}
          />
        ),
      },
    ],
  },
  {
    component: 'TextInput',
    purpose: { az: 'Bir sətir mətn, rəqəm və ya ünvan.', en: 'One line: words, a number, an address.', ru: 'Одна строка: слова, число, адрес.' },
    examples: [
      {
        name: 'with-error',
        render: (say) => (
          <TextInput
            name="system-name"
            id="system-name-wrong"
            label={say('Sistemin adı', 'Name of the system', 'Название системы')}
            hint={say('İstifadəçilərin tanıdığı ad', 'The name its users know', 'Название, известное пользователям')}
            error={say('Sistemin adını yazın', 'Enter the name of the system', 'Введите название системы')}
          />
        ),
      },
      { name: 'with-unit', render: (say) => <TextInput name="budget" label={say('İllik xərc', 'Yearly cost', 'Годовые расходы')} inputMode="numeric" width="10" suffix="AZN" value="120 000" optional /> },
      { name: 'proposals', render: (say) => <TextInput name="vendor" label={say('Təchizatçı', 'Provider', 'Поставщик')} width="half" proposals={[say('Öz hazırlığımız', 'Own development', 'Собственная разработка')]} optional /> },
    ],
  },
];
