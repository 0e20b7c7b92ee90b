import * as z from "zod"

import { Id } from "./ids.ts"

/** Who does something: a customer, a member of staff, a device such as a till, or the system by itself; and on which channel. */
export interface Actor {
  readonly kind: "customer" | "staff" | "device" | "system"
  readonly id?: string
  readonly channel?: string
}

/** See the type `Actor`. */
export const Actor: z.ZodType<Actor, Actor> = z
  .object({
    kind: z.enum(["customer", "staff", "device", "system"]),
    id: Id.exactOptional(),
    channel: Id.exactOptional()
  })
  .readonly()
