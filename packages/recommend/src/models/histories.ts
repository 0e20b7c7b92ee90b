import { paged, query } from "@omni/core"
import * as z from "zod"

import type { History } from "../learn/history.ts"
import { Histories } from "../model.ts"
import { historyOf } from "../person.ts"
import type { Settings } from "../slot.ts"

/** What is remembered of one person, of one kind, with the segment and the season of each basket. */
export interface LearntFrom {
  readonly id: string
  readonly at: number
  readonly segment: string | undefined
  readonly history: History
  readonly seasons: ReadonlyArray<string>
}

/** What models are learnt from, the latest first, in pages. What was a person's who was erased is empty. */
export const histories = ({ season }: Settings) =>
  query("recommend.histories", z.object({ ...paged }).readonly(), function* (view, page) {
    const { cursor, items } = view.find(Histories, "at", { ...page, order: "desc" })
    const found = items.map(({ id, row }): LearntFrom => {
      const history = historyOf(row)
      return { id, at: row.at, segment: row.segment, history, seasons: history.map(({ at }) => season(at)) }
    })
    return { items: found, ...(cursor === undefined ? {} : { cursor }) }
  })
