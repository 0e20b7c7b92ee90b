/** Somebody who reserves stock of one location on a PostgreSQL server. */
export interface Contender {
  /** Whether so many pieces were reserved; `false` when they are not there. Throws when it could not even be tried. */
  reserve(sku: string, quantity: number): Promise<boolean>
  /** How many pieces its tables say are reserved. */
  reserved(): Promise<number>
  close(): Promise<void>
}

/** Opens a contender over a database of its own, with so many pieces of each article. */
export type Make = (url: string, skus: ReadonlyArray<string>, pieces: number) => Promise<Contender>
