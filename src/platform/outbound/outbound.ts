/** The only way a request of Mizan's leaves the machine: an allow-list, checked addresses, and limits. Libraries are held to it, too. */

import http from 'node:http';
import https from 'node:https';
import { fetch as undiciFetch, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { OutboundEntry } from './allow-list.ts';
import { call, type Caller, OUTBOUND_LIMITS, type OutboundLimits, placeOf, type Send } from './call.ts';
import { GuardedAgent } from './guarded-agent.ts';
import { notAllowed, type Resolve } from './guarded-lookup.ts';

export interface Outbound extends Caller {
  /**
   * Holds the whole process to the list: `fetch` of Node and of undici, WebSocket, and requests of `node:http` and `node:https` that name no
   * agent of their own (those cannot leave at all). For the server's process only. Answers how to undo it, for tests.
   */
  install(): () => void;
}

export interface OutboundOptions {
  readonly allow: readonly OutboundEntry[];
  readonly limits?: Partial<OutboundLimits>;
  /** Another resolver than the machine's. */
  readonly resolve?: Resolve;
  /** Certificates of authorities in PEM; when given, only these are believed. */
  readonly authorities?: readonly string[];
}

export function createOutbound({ allow, limits: given = {}, resolve, authorities }: OutboundOptions): Outbound {
  const limits = { ...OUTBOUND_LIMITS, ...given };
  const agent = new GuardedAgent({ entries: allow, ...(resolve === undefined ? {} : { resolve }), ...(authorities === undefined ? {} : { authorities }) }, limits);
  return {
    places: allow.map(placeOf),
    fetch: async (url, request = {}) => call(sendBy(agent), allow, limits, String(url), request),
    install: () => install(agent),
    close: async () => agent.destroy(),
  };
}

const sendBy = (agent: GuardedAgent): Send => async (url, method, headers, body, signal) => {
  const response = await undiciFetch(url, { method, headers, redirect: 'manual', dispatcher: agent, signal, ...(body === undefined ? {} : { body }) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: new Map(response.headers), body: bytes, url: url.href, text: () => new TextDecoder().decode(bytes) };
};

/** An agent that opens no connection: for libraries that use node:http behind everybody's back. */
const refusingAgent = <A extends http.Agent>(agent: A): A => {
  agent.createConnection = (options, callback) => {
    const { host, port } = options as { host?: string; port?: number };
    const fault = notAllowed(`${host ?? 'unknown'}:${port ?? ''}`);
    if (callback === undefined) throw fault;
    // As a connection that fails does: later, and to the request.
    process.nextTick(callback, fault);
    return null;
  };
  return agent;
};

function install(agent: GuardedAgent): () => void {
  const before = { dispatcher: getGlobalDispatcher(), http: http.globalAgent, https: https.globalAgent };
  setGlobalDispatcher(agent);
  http.globalAgent = refusingAgent(new http.Agent());
  https.globalAgent = refusingAgent(new https.Agent());
  return () => {
    setGlobalDispatcher(before.dispatcher);
    http.globalAgent = before.http;
    https.globalAgent = before.https;
  };
}
