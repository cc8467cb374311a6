/** The named maxima of the law room: what a pack, an expression, a diagram or an answer may at most hold. */

export const PACK_FILES_MAX = 64;
/** Packs that one pack extends, directly and through others. */
export const PACK_BASES_MAX = 8;
export const PACK_FILE_LENGTH_MAX = 4_000_000;
/** Characters of parsed files that stay in memory: two versions of the largest pack that ships. */
export const PARSED_CHARACTERS_MAX = 2_000_000;
/** YAML nodes visited in one pack, aliases followed; stops alias bombs. */
export const PACK_NODES_MAX = 1_000_000;
export const PACK_DEPTH_MAX = 48;
/** Entries of one list in a pack: facts, rules, cases… */
export const PACK_ENTRIES_MAX = 10_000;
export const FACT_VALUES_MAX = 120;
/** Dates of one timing, and lines of one of them. */
export const TIMING_LINES_MAX = 40;
/** Artefacts, retention periods or reliefs of one duty. */
export const DUTY_PARTS_MAX = 60;
/** Length of a period, in its own unit. */
export const CLOCK_LENGTH_MAX = 100_000;
export const PROBLEMS_MAX = 300;
export const EXPRESSION_LENGTH_MAX = 8_000;
export const EXPRESSION_DEPTH_MAX = 64;
export const EXPRESSION_TOKENS_MAX = 2_000;

/** Nodes of all diagrams of one compiled law together, and steps of the connectives that make them. */
export const DIAGRAM_NODES_MAX = 1 << 20;
export const DIAGRAM_STEPS_MAX = 1 << 25;
/** Nodes of a diagram that is drawn: unless asked otherwise, and at most. */
export const DRAWN_NODES_DEFAULT = 120;
export const DRAWN_NODES_MAX = 500;
/** Nodes of one table of the fast form, and how many times larger than apart conclusions may become by sharing one. */
export const TABLE_NODES_MAX = 1_024;
export const TABLE_GROWTH_MAX = 1.5;
/** Latest tables a conclusion is tried in, and nodes made in all trials together: beyond, conclusions keep tables of their own. */
export const TABLES_TRIED_MAX = 24;
export const JOINT_NODES_MAX = 1 << 20;
/** Nodes made while following the ways to one due date, and size of an open condition up to which they are followed exactly. */
export const DUE_NODES_MAX = 1 << 16;
export const DUE_CONDITION_NODES_MAX = 512;
/** Words of 32 facts up to which the facts below every node are remembered. */
export const SUPPORT_WORDS_MAX = 16;
/** Combinations of claims (disputed facts) or of readings evaluated for one conclusion. */
export const COMBINATIONS_MAX = 256;
export const REASONS_MAX = 3;
/** Known literals up to which the reasons are searched exactly by size; beyond, by deletion. */
export const REASON_LITERALS_EXACT_MAX = 24;
/** Candidate reasons kept for one diagram node in the exact search; beyond, the search falls back to deletion. */
export const REASON_CANDIDATES_MAX = 48;
/** Ways through one diagram whose reason is remembered. */
export const WAYS_REMEMBERED_MAX = 20_000;
export const CLAIMS_MAX = 32;
export const ANSWERS_MAX = 5_000;
export const COMPILED_LAWS_MAX = 32;
/** Exceptions of which the check proves that they add nothing; each costs two compilations. */
export const EXCLUSIONS_PROVED_MAX = 200;
export const MUTANTS_MAX = 20_000;
