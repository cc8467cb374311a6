/** The door of the law room. */

export * from './model.ts';
export * from './duty-model.ts';
export { loadPack, packDigest, readPack } from './load-pack.ts';
export { parseAnswer, parseFacts } from './parse-facts.ts';
export type { FactProblem } from './parse-facts.ts';
export { compileLaw, isInForce, isLeftOpen, latestTime, parameterAt } from './compile.ts';
export type { Law, LawTime } from './compile.ts';
export { decide, RESULT_CODES } from './decide.ts';
export type { DecideOptions } from './decide.ts';
export { classifierFor, classify } from './classify.ts';
export type { Classifier } from './classify.ts';
export { factStates } from './assignment.ts';
export { preview, questionsFor } from './questions.ts';
export type { AnswerPreview } from './questions.ts';
export { checkPack } from './check-pack.ts';
export { layerOfCase, timeOfCase, underReadings } from './case-law.ts';
export { caseReports, type CaseReport } from './case-report.ts';
export { mutants, mutationReport } from './mutate-pack.ts';
export type { Mutant, MutationReport } from './mutate-pack.ts';
export { affectedConclusions, diffPacks } from './diff-packs.ts';
export type { Affected, EntryChange, FieldChange, MovedDate, PackDiff } from './diff-packs.ts';
export { concernOf, entriesOf, referenceGraph, ruleDigest } from './pack-entries.ts';
export type { EntryKind, FieldConcern, PackEntry } from './pack-entries.ts';
export { type Fitted, fitFacts, fitterFor } from './fit-facts.ts';
export {
  compareVersions, ENGINE, isVersion, KEY_ROLES, keyText, MANIFEST_CHARS_MAX, MANIFEST_FILE, manifestFits, manifestOf, manifestText, parseManifest, readKey, readTrustedKeys, signManifest, textOfBytes,
  trustedKeyLine, variableOrderDigest, verifyManifest,
} from './manifest.ts';
export type { KeyRole, Manifest, ManifestFacts, ManifestQuestion, ManifestRefusal, PublicKey, Signer, SigningAct, TrustedKey, VerifiedManifest } from './manifest.ts';
export { BUILT_IN_DATES, parseComparisons, parseTerm } from './date-term.ts';
export { parseExpression, writeSyntax, type Syntax } from './expression.ts';
export { textOf as sentenceText, treeOf } from './condition-tree.ts';
export type { LabelledId, LeafRelation, SentenceLeaf, SentenceTree } from './condition-tree.ts';
export { diagramOf } from './diagram.ts';
export type { Diagram, DiagramEdge, DiagramNode, DiagramRefusal, DiagramTest } from './diagram.ts';
export { isOfBase, originOf } from './extend-pack.ts';
export type { PacksById } from './extend-pack.ts';
export { dutiesOf } from './duties.ts';
export { dutyFormFor, OPEN_DAY } from './duty-form.ts';
export type { DutyForm } from './duty-form.ts';
export { NEVER_DAY, UNDATED_DAY } from './compile-duties.ts';
export { fineCeiling } from './sanctions.ts';
export type { FineCeiling, FineSubject, NoFineCeiling } from './sanctions.ts';
export { endOfClock } from './clocks.ts';
export type { EndOfClock, PeriodLength } from './clocks.ts';
