/**
 * Why an item is shown: a stable code and the facts. `item` is the one that it follows from. `bought-with`: of the `of` orders with that item,
 * `together` had this one too. `chosen-with`, `goes-with-yours`, `like-seen`: the same people chose both, in no order together or in too few to say how many.
 * `suggested`: it follows from an item that may not be shown here, and so is not named.
 */
export type ReasonFacts =
  | { readonly code: "goes-with" | "accessory-of" | "chosen-with" | "goes-with-yours" | "like-seen"; readonly item: string }
  | { readonly code: "in-place-of"; readonly item: string }
  | { readonly code: "better-than"; readonly item: string; readonly text?: string }
  | { readonly code: "bought-with"; readonly item: string; readonly together: number; readonly of: number }
  | { readonly code: "buy-again"; readonly every: number; readonly expectedAt: number; readonly last: number }
  | { readonly code: "bought-before"; readonly times: number; readonly last: number }
  | { readonly code: "viewed"; readonly at: number }
  | { readonly code: "suggested" }
  | { readonly code: "popular"; readonly segment?: string; readonly season?: string }

export type ReasonCode = ReasonFacts["code"]

/** A reason with a sentence in the reader's language. */
export interface Reason {
  readonly code: ReasonCode
  readonly facts: Readonly<Record<string, string | number>>
  readonly sentence: string
}

/** Why an item that was found is not shown. */
export type DroppedCode =
  | "excluded"
  | "already-there"
  | "bought-before"
  | "not-shown-here"
  | "out-of-stock"
  | "against-a-rule"
  | "enough-of-its-category"
