/** The tables of the obligations as the queries see them. */

export type ObligationsTables = {
  obligations_effect_runs: {
    id: string;
    from_digest: string;
    from_id: string;
    from_version: string;
    to_digest: string;
    to_id: string;
    to_version: string;
    as_of: string;
    known_on: string;
    job_id: string | null;
    actor: string;
    started_at: string;
    finished_at: string | null;
    summary: string | null;
    has_items: boolean;
  };
  obligations_effects: { run_id: string; system_id: string; name: string; body_name: string; weight: number; touches: readonly string[]; effect: string };
};
