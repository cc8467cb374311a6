/** Sittings of the council: agenda, floor, minutes, tasks. */

import { noun, type Policy } from './model.ts';

const SEEN: Policy['roles'] = { administrator: 'all', auditor: 'all', 'council-member': 'all', secretariat: 'all' };

export const sitting = noun(
  { az: 'İclas', en: 'Sitting', ru: 'Заседание' },
  {
    see: { label: { az: 'iclasları və gündəliyi görmək', en: 'see sittings and agendas', ru: 'видеть заседания и повестки' }, mode: 'see', roles: SEEN },
    write: { label: { az: 'iclası və gündəliyi hazırlamaq, iclası çağırmaq', en: 'prepare sittings and agendas, convene', ru: 'готовить заседания и повестки, созывать' }, mode: 'act', roles: { secretariat: 'all', administrator: 'all' } },
    run: { label: { az: 'iclası aparmaq, söz vermək', en: 'run a sitting, give the floor', ru: 'вести заседание, давать слово' }, mode: 'act', roles: { secretariat: 'all' } },
    speak: { label: { az: 'söz istəmək, sual vermək, gündəliyə bənd və protokola düzəliş təklif etmək', en: 'ask for the floor, put questions, propose items and corrections', ru: 'просить слова, задавать вопросы, предлагать пункты и поправки' }, mode: 'act', roles: { 'council-member': 'all' } },
    answer: { label: { az: 'suallara və rəylərə cavab vermək', en: 'answer questions and comments', ru: 'отвечать на вопросы и замечания' }, mode: 'act', roles: { secretariat: 'all', 'council-member': 'all' } },
    record: { label: { az: 'protokolu yazmaq və düzəlişlərə qərar vermək', en: 'write minutes and decide on corrections', ru: 'вести протокол и решать о поправках' }, mode: 'act', roles: { secretariat: 'all' } },
    sign: { label: { az: 'protokolu imzalayıb jurnala yazmaq', en: 'sign minutes into the log', ru: 'подписать протокол в журнал' }, mode: 'act', roles: { secretariat: 'all' }, stepUp: true },
    follow: { label: { az: 'tapşırıqları izləmək', en: 'follow up tasks', ru: 'следить за поручениями' }, mode: 'act', roles: { secretariat: 'all' } },
    prefer: { label: { az: 'öz bildirişlərini seçmək', en: 'choose own notices', ru: 'выбирать свои уведомления' }, mode: 'act', roles: { administrator: 'all', 'council-member': 'all', secretariat: 'all' } },
  },
);
