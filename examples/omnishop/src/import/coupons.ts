import type { Campaign, Campaigns } from "./campaigns.ts"
import type { HouseholdOf } from "./households.ts"
import { again, distinct, type Importing, make, rowsIn } from "./importing.ts"
import { spillTo } from "./spill.ts"
import { CURRENCY, rowSchemas } from "./tables.ts"

/** The coupons, each with its products, good while its campaign ran. The files do not say what one takes off: here it is nothing. */
export const importCoupons = async (
  importing: Importing,
  file: string,
  campaigns: Campaigns,
  articles: ReadonlySet<string>
): Promise<void> => {
  await using spill = await spillTo()
  const reject = importing.rejects.of(file)
  let head: ReadonlyArray<string> = []
  for await (const part of rowsIn(importing, file, rowSchemas.coupons)) {
    head = part.head
    for (const one of part.told) {
      if (!campaigns.has(one.row.campaign_id)) reject(one, "names a campaign that is not described")
      else if (!articles.has(one.row.product_id)) reject(one, "names a product that is not in the catalog")
      else await spill.add(one.row.campaign_id, one)
    }
  }
  for (const id of spill.names()) {
    const campaign = campaigns.get(id)
    if (campaign === undefined) continue
    const told = again(await spill.read(id), head, rowSchemas.coupons)
    const fresh = distinct(told, (row) => `${row.coupon_upc}/${row.product_id}`, new Map(), reject)
    for (const [upc, rows] of Map.groupBy(fresh, ({ row }) => row.coupon_upc)) {
      const products = rows.map(({ row }) => row.product_id)
      await make(importing, "coupons", { reject, rows }, () =>
        importing.omni.cart.safe.issueCoupon(coupon(id, campaign, upc, products), { asOf: { time: campaign.from } })
      )
    }
  }
  await importing.flight.landed()
}

/** What was redeemed by whom on which day, as of that day. The files do not say for which basket: the day stands for it. */
export const importRedemptions = async (importing: Importing, file: string, householdOf: HouseholdOf): Promise<void> => {
  const reject = importing.rejects.of(file)
  const seen = new Map<string, number>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.coupon_redemptions))
    for (const one of distinct(told, (row) => JSON.stringify(row), seen, reject))
      await make(importing, "redemptions", { reject, rows: [one] }, async () => {
        const { campaign_id, coupon_upc, household_id, redemption_date } = one.row
        const met = await householdOf(household_id)
        if (!met.ok) return met
        const order = `household ${household_id} on ${new Date(redemption_date).toISOString().slice(0, 10)}`
        return importing.omni.cart.safe.redeemCoupon(
          { code: codeOf(campaign_id, coupon_upc), customer: met.value.profile, order },
          { asOf: { time: redemption_date } }
        )
      })
  await importing.flight.landed()
}

const codeOf = (campaign: string, upc: string): string => `${campaign}-${upc}`

const coupon = (id: string, { from, type, until }: Campaign, upc: string, products: ReadonlyArray<string>) =>
  ({
    code: codeOf(id, upc),
    name: `Coupon ${upc} of campaign ${id} (${type})`,
    target: "line",
    value: { type: "fixed", amount: 0, currency: CURRENCY },
    products,
    use: "unlimited",
    campaign: id,
    from,
    until
  }) as const
