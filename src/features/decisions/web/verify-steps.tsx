/** Three ways to check a decision, with the very commands: browser, command line, and a program of other authors in another language. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Code, LinkButton, Notice } from '../../../platform/html/components/index.ts';
import { decisionsText } from '../text/index.ts';
import { decisionHref } from './words.ts';

export interface Commands {
  /** `https://register.example`. */
  readonly base: string;
  readonly slot: string;
  readonly round: number;
  /** Digest of the roll, as this server says. */
  readonly roll: string;
  /** The council has numbers of its own, so that its constitution has to be given. */
  readonly isUsual: boolean;
  /** The file alone shows it; else the log has to be replayed. */
  readonly isAlone: boolean;
  /** Key of the log, for copying it. */
  readonly logKey: string;
}

export function commandsOf({ base, slot, round, roll, isUsual, isAlone, logKey }: Commands): { readonly mizan: string; readonly go: string } {
  const take = [`curl -sSo decision.json ${base}${decisionHref(slot, round)}/decision.json`, ...(isUsual ? [] : [`curl -sSo constitution.txt ${base}/decisions/constitution.txt`])];
  const numbers = isUsual ? '' : ' --constitution constitution.txt';
  const copy = isAlone ? [] : [`npx mizan log mirror ${base}/log log-copy --key '${logKey}'`];
  return {
    mizan: [...take, ...copy, `npx mizan verify decision.json --pin ${roll}${numbers}${isAlone ? '' : ' --full log-copy'}`].join('\n'),
    go: [...take, 'cd verifiers/go && go build -o mizan-verify . && cd ../..', `./verifiers/go/mizan-verify --pin ${roll}${numbers} decision.json`].join('\n'),
  };
}

export function VerifySteps({ language, ...commands }: Commands & { readonly language: Language }): VNode {
  const t = decisionsText.in(language);
  const { mizan, go } = commandsOf(commands);
  return (
    <>
      <Notice tone="warning"><p>{t('verify.pin.why')} <a href="/decisions/pin">{t('list.pin')}</a></p></Notice>
      {commands.isAlone ? null : <Notice tone="info"><p>{t('verify.replay')}</p></Notice>}
      <ol class="decision-steps">
        {commands.isAlone ? (
          <li>
            <p>{t('verify.one')}</p>
            <div class="button-row">
              <LinkButton href="/decisions/verify" tone="secondary">{t('verify.one.page')}</LinkButton>
              <a href="/decisions/verify.html" download="mizan-verify.html">{t('verify.one.save')}</a>
            </div>
          </li>
        ) : null}
        <li>
          <p>{t('verify.two')}</p>
          <Code label={`${t('verify.code')}: mizan`}>{mizan}</Code>
        </li>
        {commands.isAlone ? (
          <li>
            <p>{t('verify.three')}</p>
            <Code label={`${t('verify.code')}: Go`}>{go}</Code>
          </li>
        ) : null}
      </ol>
    </>
  );
}
