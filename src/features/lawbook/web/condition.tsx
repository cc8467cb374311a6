/** A condition of law drawn as nested lists that read as sentences. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Condition, Pack } from '../../../law/index.ts';
import { conditionTree, type ConditionTree } from '../rules/wording.ts';
import { lawbookText } from '../text/index.ts';
import { termsIn } from '../text/terms.ts';

export function ConditionView({ pack, condition, language }: { readonly pack: Pack; readonly condition: Condition; readonly language: Language }): VNode {
  return <div class="lawbook-condition">{branch(conditionTree(pack, condition, language, termsIn(language)), pack, language)}</div>;
}

function branch(tree: ConditionTree, pack: Pack, language: Language): VNode {
  const t = lawbookText.in(language);
  if (tree.kind === 'leaf') {
    const text = tree.link?.kind === 'fact' ? <a href={`/lawbook/${pack.ref.id}/fact/${tree.link.id}`}>{tree.text}</a> : tree.link === undefined ? tree.text : entry(tree.link.id, tree.text, pack, language);
    return (
      <span>
        {tree.negated && tree.link?.kind !== 'fact' ? <strong>{t('word.no')}: </strong> : null}
        {text}
      </span>
    );
  }
  return (
    <div>
      <span class="lawbook-condition__joint">{tree.kind === 'all' ? t('tree.all') : t('tree.any')}</span>
      <ul>
        {tree.parts.map((part, index) => (
          <li key={index}>{branch(part, pack, language)}</li>
        ))}
      </ul>
    </div>
  );
}

/** A definition is opened in place (no page of its own); a conclusion is a link. */
function entry(id: string, label: string, pack: Pack, language: Language): VNode {
  const definition = pack.definitions.find((one) => one.id === id);
  if (definition === undefined) return pack.conclusions.some((one) => one.id === id) ? <a href={`/lawbook/${pack.ref.id}/regime/${id}`}>{label}</a> : <span>{label}</span>;
  return (
    <details class="details">
      <summary>{label}</summary>
      <ConditionView pack={pack} condition={definition.when} language={language} />
    </details>
  );
}
