/** The named maxima of questionnaires and their answers. */

export const QUESTIONNAIRE_FILES_MAX = 40;
export const PAGES_MAX = 60;
export const QUESTIONS_MAX = 1_000;
export const CHOICES_MAX = 120;
export const STEPS_MAX = 10;
export const COLUMNS_MAX = 16;
export const ROWS_MAX = 200;
export const ROWS_DEFAULT = 50;
export const LEVELS_MAX = 12;
export const TEXT_DEFAULT_MAX = 300;
export const LONG_TEXT_DEFAULT_MAX = 10_000;
export const ANSWER_TEXT_MAX = 20_000;
/** Ways in which open answers may turn out that are looked at to settle one condition; beyond, it counts as undetermined unless plain logic settles it. */
export const COMPLETIONS_MAX = 4_096;
/** Scorings tried to find the cheapest change of answers that lowers the level. */
export const CHANGES_TRIED_MAX = 4_000;
/** Answers changed together in that search. */
export const CHANGES_TOGETHER_MAX = 8;
export const SURVEY_LENGTH_MAX = 4_000_000;
export const SURVEY_DEPTH_MAX = 16;
