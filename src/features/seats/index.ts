/** The door of seats: the console of a council member, whose keys are in their browser. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const seatsMigrations = (): readonly Migration[] => migrationsOf('seats');

export { openSeats, type SeatsParts } from './actions/open-seats.ts';
export type { Seats } from './model.ts';
export { seatsRoutes, type SeatsRouteParts } from './http/routes.ts';
export { seatsText } from './text/index.ts';
