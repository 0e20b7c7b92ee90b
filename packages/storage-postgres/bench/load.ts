import { handWrittenBatch, transactions } from "./peers.ts"
import { type Contender, ours } from "./reserve.ts"

/** Who is measured, by name. */
export const contenders = {
  ours,
  transactions: (url: string, schema: string) => transactions(url, schema, 16),
  transaction: (url: string, schema: string) => transactions(url, schema, 1),
  batch: handWrittenBatch
} satisfies { readonly [name: string]: (url: string, schema: string) => Promise<Contender> }

export type Contended = keyof typeof contenders

/** What a run has done. */
export interface Done {
  readonly calls: number
  readonly millis: number
}

/** So many reservations under way at any time, over so many keys in turns. */
export const load = (contender: Contender, skus: number, inFlight: number) => {
  let next = Math.floor(Math.random() * skus)
  return async (millis: number): Promise<Done> => {
    let calls = 0
    const began = performance.now()
    const reserve = async () => {
      while (performance.now() < began + millis) {
        await contender.reserve(`sku-${next++ % skus}`, 1)
        calls++
      }
    }
    await Promise.all(Array.from({ length: inFlight }, reserve))
    return { calls, millis: performance.now() - began }
  }
}
