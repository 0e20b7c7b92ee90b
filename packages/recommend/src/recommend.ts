import { handedIn, module } from "@omni/core"

import { following } from "./follow.ts"
import {
  ExperimentReached,
  Histories,
  InterestRecorded,
  Learning,
  ModelActivated,
  ModelItems,
  ModelPopular,
  Models,
  RecommendationClicked,
  RecommendationConverted,
  RecommendationShown,
  ReplenishmentDue,
  Serving,
  Showings,
  Supplies,
  Tallies
} from "./model.ts"
import { remembering } from "./models/histories.ts"
import { leaving } from "./models/left.ts"
import { storing } from "./models/store.ts"
import { turns } from "./models/turn.ts"
import type { RecommendOptions } from "./options.ts"
import { counting, showing } from "./outcomes.ts"
import { erasing, joining } from "./people.ts"
import { recording } from "./record.ts"
import { replenishing, watchingSupplies } from "./replenishment.ts"
import { reporting } from "./report.ts"
import { slotQuery } from "./serve/for-slot.ts"
import { settingsOf } from "./settings.ts"

/** Recommendations: what goes with it, what is for you, what runs out; learnt from every channel, with reasons. Throws `InvalidOptions`. */
export const recommend = <const S extends string>(options: RecommendOptions<S>) => {
  const settings = settingsOf(options)
  const { look, watch } = watchingSupplies(settings)
  const into = { settings, watch: look }
  const turn = turns(settings)
  const left = leaving(settings)
  const remembered = remembering(settings)
  return module("recommend", {
    needs: handedIn(...settings.observe.map(({ event }) => event)),
    collections: [Histories, Showings, Supplies, Tallies, Learning, Models, Serving, ModelItems, ModelPopular],
    events: [
      InterestRecorded,
      RecommendationShown,
      RecommendationClicked,
      RecommendationConverted,
      ExperimentReached,
      ModelActivated,
      ReplenishmentDue
    ],
    operations: {
      ...recording(into),
      ...joining(into),
      ...showing(settings),
      ...turn.operations,
      ...storing.operations,
      ...left.operations,
      ...remembered.operations
    },
    queries: {
      forSlot: slotQuery(settings),
      replenishment: replenishing(settings),
      experiment: reporting(settings),
      ...remembered.queries,
      ...turn.queries,
      ...storing.queries,
      ...left.queries
    },
    internal: [...turn.internal, watch],
    reactors: [...following(into), ...turn.reactors, counting, erasing],
    handlers: turn.handlers
  })
}
