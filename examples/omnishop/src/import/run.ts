import { fromIso } from "@omni/core"

import type { Omnishop } from "../app.ts"
import { importArticles } from "./articles.ts"
import { importRecipients, readCampaigns } from "./campaigns.ts"
import { importCoupons, importRedemptions } from "./coupons.ts"
import { flightOf } from "./flight.ts"
import type { Folder } from "./folder.ts"
import { importHouseholds } from "./households.ts"
import type { Importing } from "./importing.ts"
import type { Progress } from "./progress.ts"
import { type Receipts, sortReceipts } from "./receipts.ts"
import type { Rejects } from "./rejects.ts"
import { importOpeningStock, importSales } from "./sales.ts"

/** Calls under way at once: as many as the engine puts into one commit. */
const CALLS = 1024

/** When a history without receipts begins. */
const BEGINNING = fromIso("2017-01-01T00:00:00Z")

/** Where an import goes, and who is told of it. */
export interface ImportOptions {
  readonly omni: Omnishop
  readonly rejects: Rejects
  readonly progress: Progress
}

/** What an import has done: what is there now, the rows read of each file, and how many were rejected for which reason. */
export interface Imported {
  readonly made: ReadonlyMap<string, number>
  readonly read: ReadonlyMap<string, number>
  readonly rejected: ReadonlyMap<string, number>
}

/**
 * Imports the files of a folder through the operations of the packages, as of their own time: nothing is started, sent or scheduled by
 * it. Every call is the same when it is made again, so an import that broke off is finished by running it once more.
 */
export const importFiles = async (files: Folder, options: ImportOptions): Promise<Imported> => {
  const importing: Importing = { ...options, flight: flightOf(CALLS), counts: new Map(), made: new Map() }
  await using receipts = files.transactions === undefined ? noReceipts : await sortReceipts(importing, files.transactions)
  const opening = openingOf(receipts)
  const articles = files.products === undefined ? new Set<string>() : await importArticles(importing, files.products, opening)
  const householdOf = await importHouseholds(importing, files.demographics, opening)
  const campaigns = files.campaign_descriptions === undefined ? new Map() : await readCampaigns(importing, files.campaign_descriptions)
  if (files.campaigns !== undefined) await importRecipients(importing, files.campaigns, campaigns, householdOf)
  if (files.coupons !== undefined) await importCoupons(importing, files.coupons, campaigns, articles)
  if (files.transactions !== undefined) {
    const sales = { file: files.transactions, receipts, articles, householdOf, opening }
    await importOpeningStock(importing, sales)
    await importSales(importing, sales)
  }
  if (files.coupon_redemptions !== undefined) await importRedemptions(importing, files.coupon_redemptions, householdOf)
  await options.rejects.close()
  return { made: importing.made, read: importing.counts, rejected: options.rejects.counts }
}

const noReceipts: Receipts = { days: [], sales: async () => [], [Symbol.asyncDispose]: async () => {} }

/** The first moment of the day of the first receipt. */
const openingOf = ({ days: [first] }: Receipts): number => (first === undefined ? BEGINNING : fromIso(`${first}T00:00:00Z`))
