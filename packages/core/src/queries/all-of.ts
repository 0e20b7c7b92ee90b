/**
 * Runs reads of a view that do not follow from each other, so that what several of them miss is loaded in one round trip:
 * `const [stock, prices] = allOf(() => view.get(Stock, id), () => pricesOf(view, ids))`. What one throws is thrown in the end: it may be the kernel's, which
 * has to pass.
 */
export const allOf = <T extends ReadonlyArray<unknown>>(...runs: { readonly [K in keyof T]: () => T[K] }): T => {
  let failed: { readonly error: unknown } | undefined
  const values = runs.map((run: () => unknown) => {
    try {
      return run()
    } catch (error) {
      failed ??= { error }
      return undefined
    }
  })
  if (failed !== undefined) throw failed.error
  return values as { readonly [K in keyof T]: T[K] } as T
}
