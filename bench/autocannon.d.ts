/** The part of autocannon that the benches use; the package brings no types. */

declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly headers?: Readonly<Record<string, string>>;
  }
  interface Result {
    readonly requests: { readonly average: number; readonly total: number };
    readonly throughput: { readonly total: number };
    readonly non2xx: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
