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
export { defaults, type Settings, settingsOf } from "./learn/settings.ts"
