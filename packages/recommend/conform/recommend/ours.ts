import { forYou, learn, seeds } from "@omni/recommend"

import { type Method, SHOWN } from "./methods.ts"

/** Ours, through the public face: only the rows that an answer may read. */
export const ours: Method = {
  name: "ours",
  learn: (train, now) => {
    const model = learn(train, { now })
    const rows = new Map(model.items.map((row) => [row.item, row]))
    const popular = model.popular.find(({ segment }) => segment === "")
    return (history, kind) => {
      const items = new Map(seeds(history, now, model.settings).flatMap((item) => (rows.has(item) ? [[item, rows.get(item)!]] : [])))
      const limits = { now, limit: SHOWN, repeats: kind } as const
      return forYou({ items, popular, settings: model.settings }, history, limits).map(({ item }) => item)
    }
  }
}
