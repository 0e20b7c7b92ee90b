import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { catalog } from "./catalog.ts"
import type { CatalogOptions } from "./settings.ts"

/** The catalog as an Effect service. */
export class Catalog extends Context.Service<Catalog, Service<ReturnType<typeof catalog>>>()("@omni/catalog/Catalog") {
  /** The layer over an `OmniEngine`, of a catalog that knows no channels. */
  static readonly layer: Layer.Layer<Catalog, never, OmniEngine> = moduleLayer(Catalog, catalog())
  /** The layer of a catalog with options. */
  static readonly layerWith = (options: CatalogOptions): Layer.Layer<Catalog, never, OmniEngine> => moduleLayer(Catalog, catalog(options))
}
