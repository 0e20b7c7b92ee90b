import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

import type { Module } from "../kernel/module.ts"
import { systemPlatform } from "../ports/platform.ts"
import { Engine } from "./engine.ts"
import { closeAll, engineOnly, engineOptions, runnerFor, type OmniOptions } from "./omni.ts"
import { checkOptions } from "./options.ts"
import { serviceOf, type Service } from "./service.ts"
import { type EngineService, engineService } from "./upkeep.ts"

/** The engine that module layers are built on: one store, what works off its reactors, timers and outbox, and the upkeep of it all. */
export class OmniEngine extends Context.Service<OmniEngine, EngineService & { readonly engine: Engine; readonly tenant: string }>()(
  "@omni/core/OmniEngine"
) {
  /** Opens a store; when the scope closes, work stops and the store is closed. */
  static layer(options: Omit<OmniOptions<never>, "modules">): Layer.Layer<OmniEngine> {
    return Layer.effect(
      OmniEngine,
      Effect.acquireRelease(
        Effect.sync(() => {
          checkOptions<Omit<OmniOptions<never>, "modules">>("OmniEngine.layer()", options, engineOnly)
          const system = systemPlatform()
          const engine = new Engine(
            engineOptions(options, {
              clock: options.clock ?? system.clock,
              entropy: options.entropy ?? system.entropy,
              yield: options.yield ?? system.yield
            })
          )
          const runner = runnerFor(engine, options)
          const tenant = options.tenant ?? "default"
          const close = () => closeAll(engine, runner, options)
          return { ...engineService({ engine, tenant, actor: undefined }, runner), engine, tenant, close }
        }),
        ({ close }) => Effect.promise(close)
      )
    )
  }
}

/**
 * The layer of a module's service: `static readonly layer = moduleLayer(Inventory, inventory())`. Layers come one after the other, so a
 * module that lacks what it needs dies of `ModuleMissing` when it is first called.
 */
export const moduleLayer = <I, M extends Module>(tag: Context.Key<I, Service<M>>, module: M): Layer.Layer<I, never, OmniEngine> =>
  Layer.effect(
    tag,
    Effect.map(OmniEngine, ({ engine, tenant }) => {
      engine.register(module)
      const service = serviceOf({ engine, tenant, actor: undefined }, module)
      return module.needs.length === 0 ? service : checkedFirst(service, () => engine.assertComplete(module))
    })
  )

type Method = (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>

/** The same service; what is checked must have held before a method does anything. */
const checkedFirst = <S extends object>(service: S, check: () => void): S => {
  let isChecked = false
  const methods = Object.entries(service).map(([name, method]: [string, Method]) => {
    const checked: Method = (...args) =>
      Effect.suspend(() => {
        if (!isChecked) check()
        isChecked = true
        return method(...args)
      })
    return [name, checked]
  })
  return Object.fromEntries(methods) as S
}
