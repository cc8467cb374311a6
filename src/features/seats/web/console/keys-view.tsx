/** Making a seat's keys, saving and testing the backup, the paper, what is handed in, and bringing keys back. */
/// <reference lib="dom" />

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Button, ButtonRow, Details, Field, Notice, Prose, Section, SummaryList, TextArea, TextInput } from '../../../../platform/html/components/index.ts';
import { inFours } from '../../../../proof/council/digits.ts';
import { memberName } from '../../../../proof/council/admitted-roll.ts';
import { isName, isSlug } from '../../../../proof/council/lines.ts';
import { ALTERNATES_MAX } from '../../../../proof/council/roll-text.ts';
import type { Person } from '../../../../proof/council/seat-texts.ts';
import { PASSPHRASE_CHARS_MAX, PASSPHRASE_CHARS_MIN, type SeatIdentity } from '../../model.ts';
import { BACKUP_BYTES_MAX } from '../browser/backup.ts';
import type { KeptSeat } from '../browser/disk.ts';
import { ActButton, LocalForm, saveFile, useStore, useTexts, useWork, type Sent } from './parts.tsx';
import { digestOfText, type MakeRefusal, type RestoreRefusal } from './store.ts';

type FormFault = 'seat' | 'epoch' | 'council' | 'passphrase-short' | 'passphrase-differs' | 'file';

const nameOfFile = ({ who, epoch }: SeatIdentity, what: string): string => `mizan-seat-${memberName(who)}-epoch-${epoch}-${what}`;

function personOf(sent: Sent, seats: number): Person | undefined {
  const [seat, constituency, rank] = [Number(sent.text('seat')), sent.text('constituency'), Number(sent.text('rank'))];
  if (constituency === '') return Number.isInteger(seat) && seat >= 1 && seat <= seats ? { seat } : undefined;
  return isSlug(constituency) && Number.isInteger(rank) && rank >= 1 && rank <= ALTERNATES_MAX ? { constituency, rank } : undefined;
}

function identityOf(sent: Sent, seats: number): SeatIdentity | FormFault {
  const who = personOf(sent, seats);
  if (who === undefined) return 'seat';
  const epoch = Number(sent.text('epoch'));
  if (!Number.isSafeInteger(epoch) || epoch < 1) return 'epoch';
  const [council, origin] = [sent.text('council').trim(), sent.text('origin').trim()];
  return isName(council) && isName(origin) ? { council, origin, epoch, who } : 'council';
}

async function textOf(file: File | undefined): Promise<string> {
  return file === undefined || file.size > BACKUP_BYTES_MAX ? '' : file.text();
}

/** Which place of which council; the same questions for new keys and for keys from paper. */
function IdentityFields({ fault, epoch, known }: { readonly fault: FormFault | undefined; readonly epoch: number; readonly known: SeatIdentity | undefined }): VNode {
  const t = useTexts();
  const { facts } = useStore();
  const seat = known !== undefined && 'seat' in known.who ? String(known.who.seat) : undefined;
  const alternate = known !== undefined && !('seat' in known.who) ? known.who : undefined;
  return (
    <>
      <TextInput name="seat" label={t('keys.seat')} hint={t('keys.seat.hint', { seats: facts.seats })} inputMode="numeric" width="5" value={seat} error={fault === 'seat' ? t('fault.seat') : undefined} />
      <Details summary={t('keys.alternate')} open={alternate !== undefined}>
        <TextInput name="constituency" label={t('keys.constituency')} hint={facts.constituencies.join(', ')} width="20" optional value={alternate?.constituency} />
        <TextInput name="rank" label={t('keys.rank')} inputMode="numeric" width="5" optional value={alternate === undefined ? undefined : String(alternate.rank)} />
      </Details>
      <Details summary={t('keys.council')} open={fault === 'council' || fault === 'epoch'}>
        <TextInput name="epoch" label={t('keys.epoch')} hint={t('keys.epoch.hint')} inputMode="numeric" width="5" value={String(epoch)} error={fault === 'epoch' ? t('fault.epoch') : undefined} />
        <TextInput name="council" label={t('keys.council-name')} value={known?.council ?? facts.council} spellcheck={false} error={fault === 'council' ? t('fault.council') : undefined} />
        <TextInput name="origin" label={t('keys.origin')} value={known?.origin ?? facts.origin} spellcheck={false} />
      </Details>
    </>
  );
}

function PassphraseField({ id, name, label, hint, error, isNew }: { readonly id: string; readonly name: string; readonly label: string; readonly hint?: string; readonly error?: string | undefined; readonly isNew: boolean }): VNode {
  return <TextInput id={id} name={name} type="password" label={label} hint={hint} error={error} autocomplete={isNew ? 'new-password' : 'current-password'} maxLength={PASSPHRASE_CHARS_MAX} />;
}

function FileField({ id, label, hint, error }: { readonly id: string; readonly label: string; readonly hint?: string; readonly error?: string | undefined }): VNode {
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      {(wiring) => <input class="input" type="file" name="file" accept=".json,application/json" {...wiring} />}
    </Field>
  );
}

export function MakeKeys({ isRotation }: { readonly isRotation: boolean }): VNode {
  const t = useTexts();
  const store = useStore();
  const work = useWork<MakeRefusal>();
  const [fault, setFault] = useState<FormFault>();
  const { kept, facts } = store;
  const epoch = isRotation ? Math.max(facts.epoch, kept?.identity.epoch ?? 0) + 1 : facts.epoch;
  const sent = (form: Sent): void => {
    const identity = identityOf(form, facts.seats);
    const [passphrase, again] = [form.text('passphrase'), form.text('again')];
    const wrong: FormFault | undefined = typeof identity === 'string' ? identity : passphrase.length < PASSPHRASE_CHARS_MIN ? 'passphrase-short' : passphrase === again ? undefined : 'passphrase-differs';
    setFault(wrong);
    if (wrong === undefined && typeof identity === 'object') work.run(async () => store.make(identity, passphrase));
  };
  return (
    <LocalForm onSent={sent}>
      {work.refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${work.refusal}`)} />}
      <IdentityFields fault={fault} epoch={epoch} known={kept?.identity} />
      <PassphraseField id="new-passphrase" name="passphrase" label={t('keys.passphrase')} hint={t('keys.passphrase.hint', { least: PASSPHRASE_CHARS_MIN })} isNew error={fault === 'passphrase-short' ? t('fault.passphrase-short', { least: PASSPHRASE_CHARS_MIN }) : undefined} />
      <PassphraseField id="new-passphrase-again" name="again" label={t('keys.passphrase-again')} isNew error={fault === 'passphrase-differs' ? t('fault.passphrase-differs') : undefined} />
      <ButtonRow>
        <Button disabled={work.busy}>{work.busy ? t('working') : t('keys.make')}</Button>
      </ButtonRow>
    </LocalForm>
  );
}

/** Shown once, right after the keys were made. */
function Fresh({ kept }: { readonly kept: KeptSeat }): VNode | null {
  const t = useTexts();
  const { fresh } = useStore();
  if (fresh === undefined) return null;
  return (
    <Section title={t('fresh.title')} lead={t('fresh.lead')}>
      <div class="seats-paper">
        <p class="seats-paper__title">{t('fresh.paper-title', { member: memberName(kept.identity.who), council: kept.identity.council, epoch: kept.identity.epoch })}</p>
        <ol class="seats-paper__groups">
          {fresh.paper.map((group, index) => (
            <li key={index}>
              <code>{group}</code>
            </li>
          ))}
        </ol>
        <p>{t('fresh.paper-note')}</p>
      </div>
      <ButtonRow>
        <ActButton tone="secondary" onClick={() => globalThis.print()}>
          {t('fresh.print')}
        </ActButton>
        <ActButton onClick={() => saveFile(`${nameOfFile(kept.identity, 'backup')}.json`, fresh.backup)}>
          {t('fresh.save')}
        </ActButton>
      </ButtonRow>
    </Section>
  );
}

function TestBackup(): VNode {
  const t = useTexts();
  const store = useStore();
  const work = useWork<RestoreRefusal>();
  const sent = (form: Sent): void => work.run(async () => store.testBackup(await textOf(form.file('file')), form.text('passphrase')));
  return (
    <Section title={t('test.title')} lead={t('test.lead')}>
      <LocalForm onSent={sent}>
        {work.refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${work.refusal}`)} />}
        <FileField id="test-file" label={t('test.file')} />
        <PassphraseField id="test-passphrase" name="passphrase" label={t('keys.passphrase')} isNew={false} />
        <ButtonRow>
          <Button disabled={work.busy}>{work.busy ? t('working') : t('test.do')}</Button>
        </ButtonRow>
      </LocalForm>
    </Section>
  );
}

function TestPaper(): VNode {
  const t = useTexts();
  const store = useStore();
  const work = useWork<RestoreRefusal>();
  return (
    <Details summary={t('paper.test')}>
      <LocalForm onSent={(form) => work.run(async () => store.testPaper(form.text('paper')))}>
        {work.refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${work.refusal}`)} />}
        {work.done ? <Notice tone="success" announce title={t('paper.right')} /> : null}
        <TextArea id="test-paper" name="paper" label={t('paper.letters')} hint={t('paper.letters.hint')} rows={3} code spellcheck={false} />
        <ButtonRow>
          <Button tone="secondary">{t('paper.compare')}</Button>
        </ButtonRow>
      </LocalForm>
    </Details>
  );
}

function HandIn({ kept }: { readonly kept: KeptSeat }): VNode {
  const t = useTexts();
  return (
    <Section title={t('hand-in.title')} lead={t('hand-in.lead')}>
      <SummaryList rows={[{ label: t('hand-in.digest'), value: <code class="seats-digits">{inFours(digestOfText(kept.handedIn))}</code> }]} />
      <ButtonRow>
        <ActButton onClick={() => saveFile(`${nameOfFile(kept.identity, 'keys')}.json`, kept.handedIn)}>
          {t('hand-in.save')}
        </ActButton>
      </ButtonRow>
    </Section>
  );
}

export function KeysView(): VNode {
  const t = useTexts();
  const store = useStore();
  const { kept } = store;
  if (kept === undefined) {
    return (
      <>
        <Section title={t('keys.new')} lead={t('keys.new.lead')}>
          <MakeKeys isRotation={false} />
        </Section>
        <Prose>
          <p>
            <a href="/seats/restore">{t('keys.have')}</a>
          </p>
        </Prose>
      </>
    );
  }
  return (
    <>
      <SummaryList
        rows={[
          { label: t('standing.member'), value: memberName(kept.identity.who) },
          { label: t('keys.council-name'), value: kept.identity.council },
          { label: t('keys.epoch'), value: String(kept.identity.epoch) },
          { label: t('keys.storage'), value: Object.values(kept.keys).every((key) => 'handle' in key) ? t('keys.storage.sealed') : t('keys.storage.open') },
          { label: t('keys.backup'), value: kept.isTested ? t('keys.backup.tested') : t('keys.backup.not-tested') },
        ]}
      />
      <Fresh kept={kept} />
      {kept.isTested ? <HandIn kept={kept} /> : <TestBackup />}
      <TestPaper />
      <Section title={t('rotate.title')} lead={t('rotate.lead')}>
        <Details summary={t('rotate.do')}>
          <MakeKeys isRotation />
        </Details>
      </Section>
      <Forget />
    </>
  );
}

function Forget(): VNode {
  const t = useTexts();
  const store = useStore();
  const work = useWork<'confirm'>();
  return (
    <Section title={t('forget.title')} lead={t('forget.lead')}>
      <Details summary={t('forget.open')}>
        <LocalForm
          onSent={(form) =>
            work.run(async () => {
              if (form.text('sure') !== 'yes') return 'confirm';
              await store.forget();
              return undefined;
            })
          }
        >
          {work.refusal === undefined ? null : <Notice tone="error" announce title={t('forget.confirm-first')} />}
          <p>
            <label>
              <input type="checkbox" name="sure" value="yes" /> {t('forget.sure')}
            </label>
          </p>
          <Button tone="danger">{t('forget.do')}</Button>
        </LocalForm>
      </Details>
    </Section>
  );
}

export function RestoreView(): VNode {
  const t = useTexts();
  const store = useStore();
  const file = useWork<RestoreRefusal>();
  const paper = useWork<RestoreRefusal>();
  const [fault, setFault] = useState<FormFault>();
  if (store.kept !== undefined) {
    return (
      <Notice tone={file.done || paper.done ? 'success' : 'info'} announce={file.done || paper.done} title={file.done || paper.done ? t('restore.done') : t('restore.have')}>
        <p>{t('restore.resync')}</p>
        <p>
          <a href="/seats">{t('nav.standing')}</a>
        </p>
      </Notice>
    );
  }
  const fromPaper = (form: Sent): void => {
    const identity = identityOf(form, store.facts.seats);
    setFault(typeof identity === 'string' ? identity : undefined);
    if (typeof identity === 'object') paper.run(async () => store.restorePaper(identity, form.text('paper')));
  };
  return (
    <>
      <Notice title={t('restore.resync-title')}>
        <p>{t('restore.resync')}</p>
      </Notice>
      <Section title={t('restore.file')}>
        <LocalForm onSent={(form) => file.run(async () => store.restoreBackup(await textOf(form.file('file')), form.text('passphrase')))}>
          {file.refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${file.refusal}`)} />}
          <FileField id="restore-file" label={t('test.file')} />
          <PassphraseField id="restore-passphrase" name="passphrase" label={t('keys.passphrase')} isNew={false} />
          <ButtonRow>
            <Button disabled={file.busy}>{file.busy ? t('working') : t('restore.do')}</Button>
          </ButtonRow>
        </LocalForm>
      </Section>
      <Section title={t('restore.paper')}>
        <LocalForm onSent={fromPaper}>
          {paper.refusal === undefined ? null : <Notice tone="error" announce title={t(`refused.${paper.refusal}`)} />}
          <IdentityFields fault={fault} epoch={store.facts.epoch} known={undefined} />
          <TextArea id="restore-paper" name="paper" label={t('paper.letters')} hint={t('paper.letters.hint')} rows={3} code spellcheck={false} />
          <ButtonRow>
            <Button tone="secondary" disabled={paper.busy}>
              {paper.busy ? t('working') : t('restore.do-paper')}
            </Button>
          </ButtonRow>
        </LocalForm>
      </Section>
    </>
  );
}
