/**
 * Runs all of them, so that the rows which several of them miss are loaded in one round trip. What one throws is thrown in the end: it
 * may be the kernel's, which has to pass.
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
