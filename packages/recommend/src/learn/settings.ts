/** What learning and scoring are set to. The defaults serve every shop: none is chosen by looking at what is predicted. */
export interface Settings {
  /** Baskets of a kind that are remembered of a person: the latest. */
  readonly remembered: { readonly order: number; readonly cart: number; readonly view: number }
  /** How much a basket of a kind says, beside an order's 1. */
  readonly worth: { readonly order: number; readonly cart: number; readonly view: number }
  /** Days after which a basket says half as much of what belongs together. */
  readonly halfLifeDays: number
  /** Days after which a sale says half as much of what is popular. */
  readonly popularHalfLifeDays: number
  /** Neighbours kept in the row of an item. */
  readonly neighbours: number
  /** Items kept in a row of what is popular. */
  readonly popular: number
  /** Items of a person's history whose rows are read for a recommendation. */
  readonly seeds: number
}

export const defaults: Settings = {
  remembered: { order: 200, cart: 20, view: 100 },
  worth: { order: 1, cart: 0.5, view: 0.2 },
  halfLifeDays: 180,
  popularHalfLifeDays: 21,
  neighbours: 100,
  popular: 500,
  seeds: 64
}

/** The defaults with some of them changed. */
export const settingsOf = (changed: Partial<Settings> = {}): Settings => ({ ...defaults, ...changed })
