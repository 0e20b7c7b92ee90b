import { moduleLayer, type OmniEngine, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"

import { channels, type ChannelsModuleOptions } from "./channels.ts"

/** The channels as an Effect service. */
export class Channels extends Context.Service<Channels, Service<ReturnType<typeof channels>>>()("@omni/channels/Channels") {
  /** With its drivers and rules, over an `OmniEngine`. */
  static readonly layer = (options: ChannelsModuleOptions): Layer.Layer<Channels, never, OmniEngine> =>
    moduleLayer(Channels, channels(options))
}
