import { moduleLayer, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"

import { catalog } from "./catalog.ts"

/** The catalog as an Effect service. */
export class Catalog extends Context.Service<Catalog, Service<ReturnType<typeof catalog>>>()("@omni/catalog/Catalog") {
  /** The layer over an `OmniEngine`. */
  static readonly layer = moduleLayer(Catalog, catalog())
}
