import { allOf, paged, query } from "@omni/core"
import * as z from "zod"

import type { History } from "../learn/history.ts"
import { Histories } from "../model.ts"
import { basketsOf } from "../person.ts"
import type { Settings } from "../settings.ts"

/** What is remembered of one person, of one kind, with the segment and the season of each basket. */
export interface LearntFrom {
  readonly id: string
  readonly at: number
  readonly segment: string | undefined
  readonly history: History
  readonly seasons: ReadonlyArray<string>
}

/** What may be learnt from somebody who does not agree any more: what would have been kept had they never. */
const unnamed = (history: History): History =>
  history.flatMap(({ at, id, items, kind }) => (kind === "order" ? [{ id, kind, at, items }] : []))

/**
 * What models are learnt from, the latest first, in pages. What was a person's who was erased is empty; of those who do not agree any more there are the sales,
 * without the person.
 */
export const histories = ({ consent, season }: Settings) =>
  query("recommend.histories", z.object({ ...paged }).readonly(), function* (view, page) {
    const { cursor, items } = view.find(Histories, "at", { ...page, order: "desc" })
    const agreed = allOf<ReadonlyArray<boolean>>(
      ...items.map(
        ({ row: { person } }) =>
          () =>
            person === undefined || consent(view, person)
      )
    )
    const found = items.map(({ id, row }, place): LearntFrom => {
      const history = agreed[place] === true ? basketsOf(row) : unnamed(basketsOf(row))
      return {
        id,
        at: row.at,
        segment: agreed[place] === true ? row.segment : undefined,
        history,
        seasons: history.map(({ at }) => season(at))
      }
    })
    return { items: found, ...(cursor === undefined ? {} : { cursor }) }
  })
