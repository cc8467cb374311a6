/** The door of the jobs room: durable background work with visible progress. */

export { createJobs, type Jobs } from './jobs.ts';
export { isFinished, type JobError, type JobHandler, type JobOptions, type JobState, type JobView, type RunningJob, TryLater } from './model.ts';
export { EVENT_STREAMS_MAX, jobRoutes, jobView } from './routes.ts';
export { JobProgress, jobRefreshSeconds } from './job-progress.tsx';
