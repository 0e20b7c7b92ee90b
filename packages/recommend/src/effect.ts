import { moduleLayer, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"

import type { RecommendOptions } from "./options.ts"
import { recommend } from "./recommend.ts"

/** Recommendations as an Effect service, over an `OmniEngine`. */
export class Recommend extends Context.Service<Recommend, Service<ReturnType<typeof recommend<string>>>>()("@omni/recommend/Recommend") {
  /** The service with its options. */
  static readonly layer = (options: RecommendOptions) => moduleLayer(Recommend, recommend<string>(options))
}
