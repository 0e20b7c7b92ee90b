import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { journeys, type JourneysOptions } from "./journeys.ts"

/** Journeys as an Effect service. */
export class Journeys extends Context.Service<Journeys, Service<ReturnType<typeof journeys>>>()("@omni/journeys/Journeys") {
  /** With its journeys and ports, over an `OmniEngine`. */
  static readonly layer = (options: JourneysOptions): Layer.Layer<Journeys, never, OmniEngine> => moduleLayer(Journeys, journeys(options))
}
