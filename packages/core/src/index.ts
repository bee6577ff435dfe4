export type { Action, Reason } from './action';
export { checkSpec } from './check';
export { type Counted, type CountedStep, type Counts, countsOf, countsOfPlan, countsOfSteps, doneOf, totalOf } from './counts';
export { edgesOf } from './edges';
export { type EffectInput, otherEffects, unshownPart } from './effect';
export { withoutEscapes } from './escapes';
export type { BegunStep, Event, EventBody, OperationResult } from './event';
export { type Arrangement, arrange, type DependencyEdge, withoutDropped } from './graph';
export {
  type DatedFinding,
  dateFindings,
  type Finding,
  type FindingClass,
  failsAt,
  type Health,
  type Lead,
  type Observation,
  type RelatedNode,
} from './health';
export { holdsCredential, type Input, isCredentialName, type KeyParts, stackKey } from './input';
export { type InventoryInput, inventoryAfter, inventoryBefore, type StepOutcome } from './inventory';
export { foldRecord, foldRelease } from './journal';
export {
  canonical,
  childOf,
  digest,
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type PathPart,
  pathText,
  setOwn,
  sorted,
  valueAt,
} from './json';
export { asideName, type Keeper, type Kept, type KeptStamp, keptConflict } from './keeper';
export { type LockHeld, lockHeld, lockLost, notBegun, notLocked } from './lock-problem';
export { makePlan, removedEntries } from './make-plan';
export { type Encodings, type GrowingMask, type Mask, masked, maskOf } from './mask';
export { namesText } from './names-text';
export { didYouMean } from './nearest';
export { partRenamesIn } from './part-renames';
export { withSource } from './place';
export { changePath, type Import, isEmpty, type Plan, type PlanOptions, planVersion, type Step } from './plan';
export { makePlanFile, type PlanFile, parsePlanFile, planFileText, planFileVersion } from './plan-file';
export type { PlanInput, PlanResult } from './plan-input';
export {
  catalogue,
  isError,
  isKonfigError,
  KonfigError,
  type Problem,
  type ProblemCode,
  problemsOf,
  type SourceLine,
  sourceText,
  thrownProblem,
} from './problem';
export {
  type Holder,
  type InventoryEntry,
  type JournalBatch,
  type JournalEntry,
  type KeptWrite,
  type Lock,
  type Phase,
  type ProcessIdentity,
  type Release,
  type ReleaseList,
  type ReleaseStore,
  type ReleaseSummary,
  recordVersion,
  type StackRecord,
  type StepRecord,
  summaryOf,
} from './release';
export { releasedSpec } from './released-spec';
export { mayRename, renamesIn } from './renames';
export type {
  Applied,
  ApplyRequest,
  Author,
  Connection,
  DeleteRequest,
  FieldChange,
  HeldSecret,
  LiveIdentity,
  LogLine,
  LogRequest,
  OwnedResource,
  Owner,
  PartAction,
  PartImport,
  PlannedPart,
  PlannedRow,
  PlanRequest,
  PushedState,
  Runtime,
  StatePush,
  ToldState,
  Watch,
  Watched,
  WishedPart,
} from './runtime';
export { type Halt, type Next, type Schedule, type StepState, scheduleOf } from './schedule';
export {
  type AwsSource,
  type EnvSource,
  type ExecSource,
  type FileSource,
  isSecretSource,
  type KubernetesSource,
  type SecretAnswer,
  type SecretSource,
  type SopsSource,
  sourceName,
  type UnreadSecret,
  type VaultSource,
} from './secret-source';
export { type SelectInput, type Selection, selectResources } from './select';
export {
  type GivenSetting,
  type GivenValue,
  giverText,
  type ReadSetting,
  type SettingField,
  type SettingGiver,
  type SettingLayer,
  type StackSettings,
  settingLayers,
  unreadProblem,
  unreadSettings,
} from './setting';
export {
  type Dependency,
  defaultSettings,
  type FieldSource,
  normalSpec,
  type Records,
  type Resource,
  type ResourceId,
  type ResourceSource,
  type Settings,
  type SourceTable,
  type Spec,
  type SynthOutput,
  shortId,
  sourceOf,
  specDigest,
  specVersion,
  stackName,
  type Target,
  type Until,
} from './spec';
export { shapeProblems, withKnownLines } from './spec-shape';
export { damaged, damageOfRelease, isDamage, readBatch, readStored, readStoredRecord, releaseName, type StoredPlace } from './stored';
export { taskDigest } from './task';
export { asideWarning, giveUpHint, goneKept, type Unread, unreadKept } from './unread-kept';
export {
  asLater,
  type Base64,
  type Concat,
  isUnknown,
  type KeyedHash,
  type Later,
  latersAt,
  latersIn,
  type Ref,
  type Resolver,
  readableRefs,
  refsIn,
  resolveValue,
  type Secret,
  secretsIn,
  touchesSecret,
  type Unknown,
} from './value';
export { isCurrent, type Verdict, verdictOf, type Waiting } from './verdict';
export { countStates, emptyView, reduce, type StepView, type View } from './view';
export type {
  Note,
  Notes,
  Origin,
  OriginField,
  OriginLiteral,
  OriginStep,
  Place,
  WrittenField,
  WrittenFields,
  WrittenKey,
  WrittenSite,
} from './written';
export { writtenKeyText } from './written';
export { toYaml, toYamlStream } from './yaml';
