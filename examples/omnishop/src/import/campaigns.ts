import { days } from "@omni/core"

import { type HouseholdOf, SOURCE } from "./households.ts"
import { distinct, type Importing, make, rowsIn } from "./importing.ts"
import { rowSchemas } from "./tables.ts"

/** A campaign: its kind, and from when until when its coupons are good. */
export interface Campaign {
  readonly type: string
  readonly from: number
  readonly until: number
}

/** The campaigns of a history, by number. */
export type Campaigns = ReadonlyMap<string, Campaign>

/** Reads the campaigns. The last day of one is a whole day. */
export const readCampaigns = async (importing: Importing, file: string): Promise<Campaigns> => {
  const reject = importing.rejects.of(file)
  const seen = new Map<string, number>()
  const campaigns = new Map<string, Campaign>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.campaign_descriptions))
    for (const { row } of distinct(told, ({ campaign_id }) => campaign_id, seen, reject))
      campaigns.set(row.campaign_id, { type: row.campaign_type, from: row.start_date, until: row.end_date + days(1) })
  return campaigns
}

/** Who got which campaign: an entry in the household's timeline as of the day on which it began. */
export const importRecipients = async (
  importing: Importing,
  file: string,
  campaigns: Campaigns,
  householdOf: HouseholdOf
): Promise<void> => {
  const reject = importing.rejects.of(file)
  const seen = new Map<string, number>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.campaigns))
    for (const one of distinct(told, (row) => `${row.campaign_id}/${row.household_id}`, seen, reject)) {
      const { campaign_id, household_id } = one.row
      const campaign = campaigns.get(campaign_id)
      if (campaign === undefined) reject(one, "names a campaign that is not described")
      else
        await make(importing, "campaigns received", { reject, rows: [one] }, async () => {
          const met = await householdOf(household_id)
          if (!met.ok) return met
          return importing.omni.profile.safe.track(received(met.value.profile, campaign_id, campaign.type), {
            asOf: { time: campaign.from }
          })
        })
    }
  await importing.flight.landed()
}

/** A profile gets a campaign once, however often it is told. */
const received = (profile: string, campaign: string, type: string) => ({
  profile,
  type: "campaign received",
  source: SOURCE,
  message: `campaign ${campaign} to ${profile}`,
  properties: { campaign, type }
})
