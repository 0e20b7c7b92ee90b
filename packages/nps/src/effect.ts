import { moduleLayer, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"

import { nps } from "./module.ts"
import type { NpsOptions } from "./survey.ts"

/** Net Promoter Score as an Effect service, over an `OmniEngine`. */
export class Nps extends Context.Service<Nps, Service<ReturnType<typeof nps>>>()("@omni/nps/Nps") {
  /** The service with its options. */
  static readonly layer = <M, D>(options: NpsOptions<M, D>) => moduleLayer(Nps, nps(options))
}
