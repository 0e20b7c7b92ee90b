import { days } from "@omni/core"

import { type HouseholdOf, SOURCE } from "./households.ts"
import { again, callFor, distinct, type Importing, rowsIn, type Told } from "./importing.ts"
import { spillTo } from "./spill.ts"
import { CURRENCY, rowSchemas } from "./tables.ts"

/** A campaign: its kind, and from when until when its coupons are good. */
interface Campaign {
  readonly type: string
  readonly from: number
  readonly until: number
}

/** The campaigns of the history by number. The last day of one is its last whole day. */
export const readCampaigns = async (importing: Importing, file: string): Promise<ReadonlyMap<string, Campaign>> => {
  const seen = new Map<string, number>()
  const campaigns = new Map<string, Campaign>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.campaign_descriptions))
    for (const { row } of distinct(
      told,
      (one) => one.campaign_id,
      seen,
      (bad, reason) => importing.rejects.reject(file, bad, reason)
    ))
      campaigns.set(row.campaign_id, { type: row.campaign_type, from: row.start_date, until: row.end_date + days(1) })
  return campaigns
}

/** Who got which campaign: an entry in the household's timeline on the day on which it began. */
export const importRecipients = async (
  importing: Importing,
  file: string,
  campaigns: ReadonlyMap<string, Campaign>,
  householdOf: HouseholdOf
): Promise<void> => {
  const reject = (row: Told<unknown>, reason: string) => importing.rejects.reject(file, row, reason)
  const seen = new Map<string, number>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.campaigns))
    for (const one of distinct(
      told,
      (row) => `${row.campaign_id}/${row.household_id}`,
      seen,
      (row, reason) => importing.rejects.reject(file, row, reason)
    )) {
      const { campaign_id: campaign, household_id: household } = one.row
      const about = campaigns.get(campaign)
      if (about === undefined) reject(one, "names a campaign that is not described")
      else
        await callFor(importing, file, [one], async () => {
          const met = await householdOf(household)
          if (!met.ok) return met
          const message = `campaign/${campaign}/${household}`
          const properties = { campaign, type: about.type }
          return importing.omni.profile.safe.track(
            { profile: met.value.profile, type: "campaign received", source: SOURCE, message, properties },
            { asOf: { time: about.from } }
          )
        })
    }
  await importing.flight.landed()
}

/** The coupons, each with its products, good while its campaign ran. The files do not say what a coupon takes off: it is nothing here. */
export const importCoupons = async (
  importing: Importing,
  file: string,
  campaigns: ReadonlyMap<string, Campaign>,
  articles: ReadonlySet<string>
): Promise<void> => {
  await using spill = await spillTo()
  let head: ReadonlyArray<string> = []
  for await (const part of rowsIn(importing, file, rowSchemas.coupons)) {
    head = part.head
    for (const told of part.told) {
      if (!campaigns.has(told.row.campaign_id)) importing.rejects.reject(file, told, "names a campaign that is not described")
      else if (!articles.has(told.row.product_id)) importing.rejects.reject(file, told, "names a product that is not in the catalog")
      else await spill.add(told.row.campaign_id, told)
    }
  }
  for (const campaign of spill.names()) {
    const about = campaigns.get(campaign)
    if (about === undefined) continue
    const told = again(await spill.read(campaign), head, rowSchemas.coupons)
    const fresh = distinct(
      told,
      (row) => `${row.coupon_upc}/${row.product_id}`,
      new Map(),
      (row, reason) => importing.rejects.reject(file, row, reason)
    )
    for (const [upc, rows] of Map.groupBy(fresh, ({ row }) => row.coupon_upc))
      await callFor(importing, file, rows, () =>
        importing.omni.cart.safe.issueCoupon(
          {
            code: couponCode(campaign, upc),
            name: `Coupon ${upc} of campaign ${campaign} (${about.type})`,
            target: "line",
            value: { type: "fixed", amount: 0, currency: CURRENCY },
            products: rows.map(({ row }) => row.product_id),
            use: "unlimited",
            campaign,
            from: about.from,
            until: about.until
          },
          { asOf: { time: about.from } }
        )
      )
  }
  await importing.flight.landed()
}

/** What was redeemed by whom on which day, as of that day. The files do not say for which basket: the day stands for it. */
export const importRedemptions = async (importing: Importing, file: string, householdOf: HouseholdOf): Promise<void> => {
  const seen = new Map<string, number>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.coupon_redemptions)) {
    const fresh = distinct(
      told,
      (row) => JSON.stringify(row),
      seen,
      (row, reason) => importing.rejects.reject(file, row, reason)
    )
    for (const one of fresh)
      await callFor(importing, file, [one], async () => {
        const { campaign_id, coupon_upc, household_id, redemption_date } = one.row
        const met = await householdOf(household_id)
        if (!met.ok) return met
        const order = `household ${household_id} on ${new Date(redemption_date).toISOString().slice(0, 10)}`
        return importing.omni.cart.safe.redeemCoupon(
          { code: couponCode(campaign_id, coupon_upc), customer: met.value.profile, order },
          { asOf: { time: redemption_date } }
        )
      })
  }
  await importing.flight.landed()
}

const couponCode = (campaign: string, upc: string): string => `${campaign}-${upc}`
