import { moduleLayer, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"

import { profile, type ProfileOptions } from "./module.ts"

/** Customer profiles as an Effect service, over an `OmniEngine`. */
export class Profile extends Context.Service<Profile, Service<ReturnType<typeof profile>>>()("@omni/profile/Profile") {
  /** The service with its options. */
  static readonly layer = (options?: ProfileOptions) => moduleLayer(Profile, profile(options))
}
