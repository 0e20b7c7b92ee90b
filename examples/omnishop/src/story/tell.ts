import type { Omnishop } from "../app.ts"
import type { StoryClock } from "../clock.ts"
import { after } from "./after.ts"
import { opening } from "./opening.ts"
import { phone } from "./phone.ts"
import { silence } from "./silence.ts"
import { tellerOf } from "./teller.ts"
import { till } from "./till.ts"
import { web } from "./web.ts"

/** The story's name in the log. */
const STORY = "nora"

/** Who the story was about, and what was bought. */
export interface Told {
  readonly customer: string
  readonly coupon: string
  readonly order: string
}

/** Tells the whole story. Each step has its idempotency key: told again, or after it broke off, it changes nothing twice. */
export const tell = async (omni: Omnishop, clock: StoryClock): Promise<Told> => {
  const teller = tellerOf(omni, clock)
  await opening(teller)
  const met = await web(teller)
  await phone(teller, met)
  await silence(teller)
  const order = await till(teller, met)
  await after(teller, met, order)
  await omni.shop.endStory({ story: STORY }, { key: "story/end" })
  return { ...met, order }
}
