/** What all views of the console use: the store, the texts, files to save and to read, digits in fours, the picture of receipts. */
/// <reference lib="dom" />

import { createContext, type ComponentChildren, type VNode } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { inFours } from '../../../../proof/council/digits.ts';
import { useLanguage } from '../../../../platform/html/components/index.ts';
import { seatsText } from '../../text/index.ts';
import type { ConsoleStore } from './store.ts';

export const StoreContext = createContext<ConsoleStore | undefined>(undefined);

/** The store; the view draws itself again at each change. */
export function useStore(): ConsoleStore {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('a view of the console stands in its store');
  const [, draw] = useState(0);
  useEffect(() => store.subscribe(() => draw((count) => count + 1)), [store]);
  return store;
}

export function useTexts(): ReturnType<typeof seatsText.in> {
  return seatsText.in(useLanguage());
}

/** An act that takes a moment: whether it runs, what it was refused for, and how to run it. */
export interface Work<R> {
  readonly busy: boolean;
  readonly refusal: R | undefined;
  readonly done: boolean;
  run(act: () => Promise<R | undefined>): void;
}

export function useWork<R>(): Work<R> {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<R>();
  const [done, setDone] = useState(false);
  const run = (act: () => Promise<R | undefined>): void => {
    if (busy) return;
    setBusy(true);
    setDone(false);
    setRefusal(undefined);
    // Sealing takes a second of arithmetic: first the page shows that it works.
    setTimeout(() => {
      void (async () => {
        try {
          const answer = await act();
          setRefusal(() => answer);
          setDone(answer === undefined);
        } finally {
          setBusy(false);
        }
      })();
    }, 50);
  };
  return { busy, refusal, done, run };
}

export interface Sent {
  text(name: string): string;
  file(name: string): File | undefined;
}

/** A form that never leaves the page. */
export function LocalForm({ children, onSent }: { readonly children: ComponentChildren; readonly onSent: (sent: Sent) => void }): VNode {
  return (
    <form
      class="seats-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        onSent({
          text: (name) => {
            const value = data.get(name);
            return typeof value === 'string' ? value : '';
          },
          file: (name) => {
            const value = data.get(name);
            return value instanceof File && value.size > 0 ? value : undefined;
          },
        });
      }}
    >
      {children}
    </form>
  );
}

/** A button that acts in the page and sends nothing. */
export function ActButton({ children, tone = 'primary', onClick }: { readonly children: ComponentChildren; readonly tone?: 'primary' | 'secondary' | 'quiet'; readonly onClick: () => void }): VNode {
  return (
    <button class={`button button--${tone}`} type="button" onClick={onClick}>
      {children}
    </button>
  );
}

/** Hands a text to the browser as a file to save. */
export function saveFile(name: string, text: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The first twenty digits in fours, as they stand on every screen and paper. */
export function Digits({ digest }: { readonly digest: string }): VNode {
  return <code class="seats-digits">{inFours(digest)}</code>;
}

/** All digits in fours: for what is compared with the gazette. */
export function AllDigits({ digest }: { readonly digest: string }): VNode {
  return <code class="seats-digits">{(digest.match(/.{4}/g) ?? []).join(' ')}</code>;
}

/** A square for each seat; filled where its receipt is here. Told in words beside it. */
export function ReceiptPicture({ seats, holders, quorum }: { readonly seats: number; readonly holders: ReadonlySet<number>; readonly quorum: number }): VNode {
  const t = useTexts();
  const columns = 11;
  const rows = Math.ceil(seats / columns);
  return (
    <figure class="seats-receipts">
      <svg class="seats-receipts__picture" viewBox={`0 0 ${columns * 10} ${rows * 10}`} role="img" aria-label={t('receipts.count', { count: holders.size, quorum })}>
        {Array.from({ length: seats }, (_, index) => (
          <rect key={index} class={holders.has(index + 1) ? 'seats-receipt seats-receipt--here' : 'seats-receipt'} x={(index % columns) * 10 + 1} y={Math.floor(index / columns) * 10 + 1} width="8" height="8" rx="1.5" />
        ))}
      </svg>
      <figcaption>
        {t('receipts.count', { count: holders.size, quorum })} {holders.size >= quorum ? t('receipts.enough') : t('receipts.wait')}
      </figcaption>
    </figure>
  );
}
