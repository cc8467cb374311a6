/**
 * Island `decision-verify`: checks the file of a decision in the browser. The same script is the whole of the page that people keep:
 * it asks no server for anything, so it must not fetch, store or link to anything either.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { render, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isDemo } from '../../../../proof/council/admitted-roll.ts';
import { type CheckPassed, DECISION_BYTES_MAX } from '../../../../proof/council/bundle.ts';
import { nobleSuite } from '../../../../proof/noble-suite.ts';
import { CHECKS, type CheckName, type FileCheck, checkFile, inFours, pinOf, reasonOf } from '../../rules/check-file.ts';
import az from '../../text/verify/az.json' with { type: 'json' };
import en from '../../text/verify/en.json' with { type: 'json' };
import ru from '../../text/verify/ru.json' with { type: 'json' };

const MESSAGES = { az, en, ru } as const;
type Language = keyof typeof MESSAGES;
type Key = keyof typeof en;
type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

const NAMES: readonly (readonly [Language, string])[] = [['az', 'Azərbaycanca'], ['en', 'English'], ['ru', 'Русский']];
const CONSTITUTION_BYTES_MAX = 65_535;
const isLanguage = (tag: string): tag is Language => tag in MESSAGES;

const translateIn = (language: Language): Translate => (key, values = {}) => MESSAGES[language][key].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

/** The writing of the log, which is the same in all languages: 2027-03-18 14:00:00 UTC. */
const at = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
const seatList = (seats: readonly number[]): string => seats.map((seat) => String(seat).padStart(2, '0')).join(' ');

/** What one check saw, in a sentence or two. */
function factsOf(passed: CheckPassed, t: Translate): readonly string[] {
  switch (passed.check) {
    case 'roll': {
      const own = t('fact.roll', { epoch: passed.epoch, seats: passed.seats, digest: inFours(passed.digest) });
      return passed.pinned === passed.digest ? [own] : [own, t('fact.roll-led', { pinned: inFours(passed.pinned), changes: passed.changes })];
    }
    case 'checkpoint':
      return [t('fact.checkpoint', { size: passed.size, seats: passed.seats, outside: passed.outside.join(', '), time: at(passed.timeS) })];
    case 'opening':
      return [t('fact.opening', { slot: passed.slot, round: passed.round, class: passed.class, filled: passed.filled })];
    case 'motion':
      return [t('fact.motion', { number: passed.number, languages: passed.languages.join(', '), digest: inFours(passed.digest) })];
    case 'ballots':
      return [t('fact.ballots', { seats: passed.seats.length, needed: passed.needed, reached: passed.reached.join(', ') || '—' })];
    case 'inclusion':
      return [t('fact.inclusion', { indexes: passed.indexes.join(', '), size: passed.size })];
    case 'order':
      return [t('fact.order', { cut: passed.cut, time: at(passed.closedS) })];
    case 'outcome':
      return [t('fact.outcome', { option: passed.option, yes: passed.yes, no: passed.no, abstain: passed.abstain, silent: passed.silent, time: at(passed.inForceS) })];
  }
}

const WHY = { accepted: 'accepted.why', fits: 'fits.why', refused: 'refused.why' } as const satisfies Record<string, Key>;
const TONES = { accepted: 'success', fits: 'warning', refused: 'error' } as const;

function Refusal({ check, t }: { readonly check: FileCheck; readonly t: Translate }): VNode | null {
  const { refusal } = check;
  if (refusal === undefined) return null;
  const line = refusal.line === undefined ? '' : `, ${refusal.line}`;
  return (
    <>
      <p class="verify-reason">{t(`reason.${reasonOf(refusal.code)}`)}</p>
      <p class="small muted">{t('code', { code: `${refusal.code}${line}${refusal.detail === undefined ? '' : ` (${refusal.detail.slice(0, 200)})`}` })}</p>
    </>
  );
}

function Checks({ check, t }: { readonly check: FileCheck; readonly t: Translate }): VNode {
  return (
    <ol class="verify-checks">
      {CHECKS.map((name: CheckName) => {
        const passed = check.passed.find((one) => one.check === name);
        const state = passed !== undefined ? 'held' : check.failed === name ? 'failed' : 'open';
        return (
          <li key={name} class={`verify-check verify-check--${state}`} data-check={name} data-state={state}>
            <p class="verify-check__name">
              <span class={`tag tag--${state === 'held' ? 'success tag--full' : state === 'failed' ? 'error tag--split' : 'neutral tag--empty'}`}>{t(`state.${state}`)}</span> {t(`name.${name}`)}
            </p>
            {passed === undefined ? null : factsOf(passed, t).map((fact) => <p class="verify-check__fact" key={fact}>{fact}</p>)}
            {state === 'failed' ? <Refusal check={check} t={t} /> : null}
          </li>
        );
      })}
    </ol>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: string }): VNode {
  return (
    <div class="summary-list__row">
      <dt class="summary-list__label">{label}</dt>
      <dd class="summary-list__value">{children}</dd>
    </div>
  );
}

interface Done {
  /** Counts the checks: a second file with the same answer is a new answer. */
  readonly run: number;
  readonly check: FileCheck;
  readonly took: number;
}

function Result({ check, took, run, language, t }: Done & { readonly language: Language; readonly t: Translate }): VNode {
  const { report, result } = check;
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => heading.current?.focus(), [check]);
  const textLanguage = report === undefined ? undefined : check.texts[language] === undefined ? report.motion.authentic : language;
  return (
    <section class="section" data-result={result} data-run={run} data-took={took} data-code={check.refusal?.code}>
      <div class={`notice notice--${TONES[result]}`} role={result === 'refused' ? 'alert' : 'status'} tabIndex={-1} ref={heading}>
        <p class="notice__title">{t(result)}</p>
        <div class="notice__body">
          {check.failed === undefined ? <Refusal check={check} t={t} /> : null}
          {report !== undefined && isDemo(report.origin) ? <p class="verify-reason">{t('demo')}</p> : null}
          <p>{t(WHY[result], { council: report?.council ?? '' })}</p>
          <p class="small">{t('took', { milliseconds: Math.max(1, Math.round(took)) })}</p>
        </div>
      </div>
      {check.roll === undefined ? null : (
        <dl class="summary-list">
          <Row label={t('roll')}>{inFours(check.roll)}</Row>
          {check.constitution === undefined ? <></> : <Row label={t('constitution')}>{inFours(check.constitution)}</Row>}
        </dl>
      )}
      {check.roll === undefined ? null : (
        <>
          <h2 class="section__title">{t('eight')}</h2>
          <Checks check={check} t={t} />
        </>
      )}
      {report === undefined || textLanguage === undefined ? null : (
        <>
          <h2 class="section__title">{t('decided')}</h2>
          <blockquote class="verify-text" lang={textLanguage} tabIndex={0}>{check.texts[textLanguage]}</blockquote>
          <dl class="summary-list">
            <Row label={t('digest')}>{inFours(report.motionDigest)}</Row>
            <Row label={t('seats-yes')}>{seatList(report.yes)}</Row>
            <Row label={t('closed')}>{at(report.closedS)}</Row>
            <Row label={t('force')}>{at(report.inForceS)}</Row>
            <Row label={t('log')}>{report.origin}</Row>
          </dl>
        </>
      )}
    </section>
  );
}

function Verifier({ first, alone }: { readonly first: Language; readonly alone: boolean }): VNode {
  const [language, setLanguage] = useState<Language>(first);
  const [file, setFile] = useState<File>();
  const [numbers, setNumbers] = useState<File>();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<{ readonly field: 'file' | 'pin'; readonly key: Key; readonly count?: number }>();
  const [done, setDone] = useState<Done>();
  const [busy, setBusy] = useState(false);
  const t = translateIn(language);

  useEffect(() => {
    // Dropped beside the field a file would open in the browser and the page be gone.
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      const dropped = event.dataTransfer?.files[0];
      if (dropped !== undefined) setFile(dropped);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('drop', drop);
    };
  }, []);
  useEffect(() => {
    if (!alone) return;
    document.documentElement.lang = language;
    document.title = t('title');
  }, [language]);

  const check = async (): Promise<void> => {
    setProblem(undefined);
    if (file === undefined) return setProblem({ field: 'file', key: 'none' });
    if (file.size > DECISION_BYTES_MAX || (numbers?.size ?? 0) > CONSTITUTION_BYTES_MAX) return setProblem({ field: 'file', key: 'file.too-long' });
    const pin = typed.trim() === '' ? undefined : pinOf(typed);
    if (typed.trim() !== '' && pin === undefined) return setProblem({ field: 'pin', key: 'pin.wrong', count: typed.replaceAll(/\s/g, '').length });
    setBusy(true);
    const [bytes, constitution] = await Promise.all([file.arrayBuffer(), numbers?.arrayBuffer()]);
    // The browser shows that it works before the arithmetic begins.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const from = performance.now();
    const checked = checkFile(nobleSuite, new Uint8Array(bytes), pin, constitution === undefined ? undefined : new Uint8Array(constitution));
    const took = performance.now() - from;
    setDone((before) => ({ check: checked, took, run: (before?.run ?? 0) + 1 }));
    setBusy(false);
  };

  const Title = alone ? 'h1' : 'h2';
  return (
    <div class="verify" lang={alone ? undefined : language}>
      {alone ? (
        <>
          <nav class="language-switch verify-languages" aria-label={t('language')}>
            {NAMES.map(([tag, name]) => (
              <button key={tag} type="button" class="link-button" lang={tag} aria-pressed={tag === language} onClick={() => setLanguage(tag)}>{name}</button>
            ))}
          </nav>
          <Title>{t('title')}</Title>
          <p class="lead">{t('lead')}</p>
        </>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
        noValidate
      >
        <div class={problem?.field === 'file' ? 'field field--error' : 'field'}>
          <label class="field__label" for="verify-file">{t('file')}</label>
          <p class="field__hint" id="verify-file-hint">{t('file.hint')}</p>
          {problem?.field === 'file' ? <p class="field__error" id="verify-file-error" role="alert">{t(problem.key)}</p> : null}
          <input class="input input--file" id="verify-file" type="file" accept=".json,application/json" aria-describedby={`verify-file-hint${problem?.field === 'file' ? ' verify-file-error' : ''}`} onChange={(event) => setFile(event.currentTarget.files?.[0])} />
          {file === undefined ? null : <p class="field__limit">{`${file.name}, ${file.size} B`}</p>}
        </div>
        <div class={problem?.field === 'pin' ? 'field field--error' : 'field'}>
          <label class="field__label" for="verify-pin">{t('pin')}</label>
          <p class="field__hint" id="verify-pin-hint">{t('pin.hint')}</p>
          {problem?.field === 'pin' ? <p class="field__error" id="verify-pin-error" role="alert">{t(problem.key, { count: problem.count ?? 0 })}</p> : null}
          <textarea class="input verify-pin" id="verify-pin" rows={2} spellcheck={false} autoComplete="off" autoCapitalize="off" maxLength={200} aria-describedby={`verify-pin-hint${problem?.field === 'pin' ? ' verify-pin-error' : ''}`} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </div>
        <details class="details">
          <summary>{t('numbers')}</summary>
          <div class="field">
            <label class="field__label" for="verify-numbers">{t('numbers.file')}</label>
            <p class="field__hint" id="verify-numbers-hint">{t('numbers.hint')}</p>
            <input class="input input--file" id="verify-numbers" type="file" aria-describedby="verify-numbers-hint" onChange={(event) => setNumbers(event.currentTarget.files?.[0])} />
          </div>
        </details>
        <div class="button-row">
          <button class="button button--primary" type="submit" aria-busy={busy}>{busy ? t('checking') : t('check')}</button>
        </div>
      </form>
      {done === undefined ? null : <Result {...done} language={language} t={t} />}
    </div>
  );
}

const place = document.querySelector<HTMLElement>('[data-verify]');
if (place !== null) {
  const alone = place.dataset['verify'] === 'alone';
  const wished = alone ? navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) : undefined;
  const written = document.documentElement.lang;
  place.replaceChildren();
  render(<Verifier first={wished ?? (isLanguage(written) ? written : 'en')} alone={alone} />, place);
}
