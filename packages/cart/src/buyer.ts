import type { Audience, PriceSelectors } from "@omni/catalog"
import type { Channel } from "@omni/core"

import type { Buyer } from "./settings.ts"

/** For whom prices are looked up. */
export const selectorsOf = ({ id, currency }: Channel, { country, groups, company }: Buyer): PriceSelectors => ({
  currency,
  channel: id,
  ...(country === undefined ? {} : { country }),
  ...(groups === undefined ? {} : { groups }),
  ...(company === undefined ? {} : { company })
})

/** The same as price selection reads it. */
export const audienceOf = ({ country, groups, company }: Buyer): Audience => ({
  ...(country === undefined ? {} : { country }),
  ...(groups === undefined ? {} : { customerGroup: groups }),
  ...(company === undefined ? {} : { company })
})
