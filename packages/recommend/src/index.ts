export { recommend } from "./recommend.ts"
export type { RecommendOptions } from "./options.ts"
export type { Experiment, Slot, SlotSettings, Source, Variant } from "./slot.ts"

export { ExperimentNotFound, LearningInProgress, ModelNotFound, NotTheBuilder, ShowingNotFound } from "./errors.ts"
export {
  ExperimentReached,
  type ExperimentStep,
  InterestKind,
  InterestRecorded,
  ModelActivated,
  ModelVersion,
  RecommendationClicked,
  RecommendationConverted,
  RecommendationShown,
  ReplenishmentDue
} from "./model.ts"
export { type BuildOptions, type Built, buildModels, type ModelBuilder } from "./models/build.ts"
export type { ListedModel } from "./models/store.ts"
export { type Line, type Observation, observed, type InterestShown, type Said } from "./observation.ts"
export type {
  Asked,
  Better,
  BuildPort,
  ConsentPort,
  Curated,
  IdentitiesPort,
  ItemFacts,
  ItemsPort,
  Reader,
  RelatedPort,
  SegmentPort,
  StockPort,
  UpSellPort
} from "./ports.ts"
export { RecordClick } from "./outcomes.ts"
export { JoinPeople } from "./people.ts"
export { answered } from "./ports.ts"
export { differenceOf, type Rate, type RateDifference, rateOf } from "./rates.ts"
export { ForgetPurchase, RecordCart, type Recorded, RecordPurchase, RecordView } from "./record.ts"
export type { Supply } from "./replenishment.ts"
export type { ExperimentReport, VariantDifference, VariantReport } from "./report.ts"
export type { Dropped } from "./serve/choose.ts"
export { variantOf } from "./serve/experiment.ts"
export type { Recommendation, SlotAnswer } from "./serve/for-slot.ts"
export type { DroppedCode, Reason, ReasonCode, ReasonFacts } from "./serve/reasons.ts"
export type { Rule, Which } from "./serve/rules.ts"
export type { Sentences } from "./serve/sentences.ts"

export type { Basket } from "./learn/basket.ts"
export { addBasket, type Counts, countsOf, mergeCounts } from "./learn/counts.ts"
export { type History, type Interest, interests, mergeHistories, remember, seeds } from "./learn/history.ts"
export { learn, type LearnOptions, modelOf } from "./learn/learn.ts"
export {
  type Because,
  type ItemRow,
  type Model,
  type Neighbour,
  neighboursOf,
  type PopularRow,
  type Recommended,
  type Rhythm
} from "./learn/model.ts"
export { forYou, type ForYouOptions, type Limits, type Rows, together } from "./learn/recommend.ts"
export { type Due, replenish } from "./learn/replenish.ts"
export { type RepeatsBy } from "./learn/repeats.ts"
export { defaults, type Settings, settingsOf } from "./learn/settings.ts"
