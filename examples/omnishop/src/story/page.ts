import { compile, explain, where } from "@omni/rules"

import type { Seen } from "../shop/model.ts"

/** What the page knows of a visitor who has not said a word. It stays in the browser. */
interface Visit {
  readonly viewed: ReadonlyArray<string>
  readonly seconds: number
}

const { all, gte, has } = where<Visit>()

/** When the pop-up shows: somebody has looked at a shaver for a minute. It is data, and could come from a form. */
const showsPopUp = all(has("viewed", "shaver"), gte("seconds", 60))

/** What a browser remembers of a visit, until its owner leaves an address or closes it. */
export const visit = (start: number): ReadonlyArray<Seen> => {
  const looked: Seen = { message: "visit-1/view", type: "product viewed", at: start, properties: { product: "shaver" } }
  const facts: Visit = { viewed: ["shaver"], seconds: 75 }
  if (!compile(showsPopUp).test(facts)) return [looked]
  const because = explain(showsPopUp, facts).sentence
  return [
    looked,
    { message: "visit-1/pop-up", type: "pop-up shown", at: start + 75_000, properties: { offer: "20 % for an address", because } }
  ]
}
