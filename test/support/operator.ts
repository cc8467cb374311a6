/** Lets the requests of a test come from the operator of the machine, as commands do, unless a test says who else sends one. */

import type { InjectOptions, LightMyRequestResponse } from 'fastify';

export const OPERATOR_TOKEN = 'operator-of-the-tests-0123456789abcdef';

interface Injectable {
  inject: unknown;
}

/** Every `inject` that names no authorization carries the operator's token; `authorization: ''` sends none. */
export function asOperator<A extends Injectable>(app: A, token: string = OPERATOR_TOKEN): A {
  const inject = (app.inject as (options: InjectOptions) => Promise<LightMyRequestResponse>).bind(app);
  app.inject = async (given: InjectOptions | string) => {
    const options = typeof given === 'string' ? { method: 'GET' as const, url: given } : given;
    const { authorization = `Bearer ${token}`, ...headers } = (options.headers ?? {}) as Record<string, string>;
    return inject({ ...options, headers: authorization === '' ? headers : { ...headers, authorization } });
  };
  return app;
}
