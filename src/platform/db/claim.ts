/** Sets a connection to the rights of whoever uses it next, before the first statement; the same for both engines. */

import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { type DatabaseConnection, type DatabaseIntrospector, type Dialect, type DialectAdapter, type Driver, type Kysely, PGliteAdapter, type PostgresPool, type QueryCompiler } from 'kysely';
import type pg from 'pg';
import { type Presence, READ_TIMEOUT } from './presence.ts';
import { type Identity, isSameIdentity, SET_IDENTITY } from './roles.ts';

type Who = () => Identity;

/** A pool of a server whose connections are claimed as they are taken. Owner of what each connection is set to: only this map knows. */
export interface ClaimedPool {
  /** The same connections for one kind of user. */
  as(who: Who): PostgresPool;
  take(who: Who): Promise<pg.PoolClient>;
}

export function claimPool(pool: pg.Pool, presence: Presence): ClaimedPool {
  const held = new WeakMap<pg.PoolClient, Identity>();
  const told = new WeakSet<pg.PoolClient>();
  // The pool listens only while nobody uses the connection. A server that dies may say so in the very packet that made the connection ready:
  // a listener set after an `await` would come too late, and the error would end the process.
  pool.on('connect', (client) => client.on('error', (error) => void presence.named(error)));
  const connect = async (): Promise<pg.PoolClient> => {
    try {
      const client = await pool.connect();
      if (!told.has(client)) {
        told.add(tellOf(client, presence));
        presence.works();
      }
      return client;
    } catch (error) {
      throw presence.named(error);
    }
  };
  const take = async (who: Who): Promise<pg.PoolClient> => {
    // Asked first: work without a scope must not even take a connection.
    const identity = who();
    const client = await connect();
    if (isSameIdentity(held.get(client), identity)) return client;
    try {
      held.delete(client);
      await client.query(SET_IDENTITY, [identity.role, identity.organisations, identity.actor]);
      held.set(client, identity);
      return client;
    } catch (error) {
      // Nobody may get a connection of which it is not known whose it is.
      client.release(true);
      throw error;
    }
  };
  return {
    take,
    as: (who) => ({ connect: async () => await take(who), end: async () => undefined, options: pool.options }),
  };
}

/** Lets errors of a connection say whether the server was there; a connection that kept silent is cut, so that nobody gets it again. */
function tellOf(client: pg.PoolClient, presence: Presence): pg.PoolClient {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = ((...given: unknown[]) => {
    const answer = query(...given);
    if (!(answer instanceof Promise)) return answer;
    return answer.then(
      (result: unknown) => {
        presence.works();
        return result;
      },
      (error: unknown) => {
        if (error instanceof Error && error.message === READ_TIMEOUT) (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy();
        throw presence.named(error);
      },
    );
  }) as typeof client.query;
  return client;
}

/** The one connection of the embedded engine: who works with it, and what it is set to. Owner of both: `ClaimedDialect` below. */
export interface Claim {
  held: Identity | undefined;
  /** Settled when whoever holds the connection lets it go; a queue by chaining. */
  free: Promise<void>;
}

export function createClaim(): Claim {
  return { held: undefined, free: Promise.resolve() };
}

class ClaimedAdapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** The dialect of the embedded engine: one user of the connection at a time, over all Kysely instances that share `claim`. */
export class ClaimedDialect implements Dialect {
  readonly #inner: Dialect;
  readonly #pglite: PGlite;
  readonly #who: Who;
  readonly #claim: Claim;
  constructor(inner: Dialect, pglite: PGlite, who: Who, claim: Claim) {
    this.#inner = inner;
    this.#pglite = pglite;
    this.#who = who;
    this.#claim = claim;
  }

  createDriver(): Driver {
    const driver = this.#inner.createDriver();
    const [pglite, who, claim] = [this.#pglite, this.#who, this.#claim];
    const acquire = driver.acquireConnection.bind(driver);
    const giveBack = driver.releaseConnection.bind(driver);
    let letGo: () => void = () => undefined;
    driver.acquireConnection = async (options): Promise<DatabaseConnection> => {
      const identity = who();
      const before = claim.free;
      const { promise, resolve } = Promise.withResolvers<void>();
      claim.free = promise;
      await before;
      try {
        if (!isSameIdentity(claim.held, identity)) {
          claim.held = undefined;
          await pglite.query(SET_IDENTITY, [identity.role, identity.organisations, identity.actor]);
          claim.held = identity;
        }
        const connection = await acquire(options);
        letGo = resolve;
        return connection;
      } catch (error) {
        resolve();
        throw error;
      }
    };
    driver.releaseConnection = async (connection, options) => {
      await giveBack(connection, options);
      letGo();
    };
    return driver;
  }

  createQueryCompiler(): QueryCompiler {
    return this.#inner.createQueryCompiler();
  }

  /** The queue for the one connection is `claim`: Kysely's own would stay shut for ever after a claim that was refused. */
  createAdapter(): DialectAdapter {
    return new ClaimedAdapter();
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- as the interface of the library has it
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return this.#inner.createIntrospector(db);
  }
}
