import { fromService } from "@omni/core"
import { moduleLayer, OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

import { SearchEngine } from "./engine.ts"
import { search } from "./module.ts"
import { type OpenSearchOptions, type SearchModule, searchService, type SearchService } from "./service.ts"
import type { SearchOptions } from "./settings.ts"

class Rows extends Context.Service<Rows, Service<SearchModule>>()("@omni/catalog/SearchRows") {}

/** Search as an Effect service. */
export class Search extends Context.Service<Search, SearchService>()("@omni/catalog/Search") {
  /** The layer over an `OmniEngine`. It keeps the index up until its scope closes, unless `run` is false. */
  static readonly layer = (
    options: SearchOptions,
    how: OpenSearchOptions & { readonly run?: boolean }
  ): Layer.Layer<Search, never, OmniEngine> => {
    const module = search(options)
    const acquire = Effect.gen(function* () {
      const rows = yield* Rows
      const { events } = yield* OmniEngine
      const host = {
        search: fromService(rows),
        events: (part: Parameters<typeof events>[0]) => Effect.runPromise(events(part))
      }
      const engine = new SearchEngine(host, module.options, how)
      if (how.run !== false) engine.run()
      return engine
    })
    return Layer.effect(
      Search,
      Effect.map(
        Effect.acquireRelease(acquire, (engine) => Effect.promise(() => engine.close())),
        searchService
      )
    ).pipe(Layer.provide(moduleLayer(Rows, module)))
  }
}
